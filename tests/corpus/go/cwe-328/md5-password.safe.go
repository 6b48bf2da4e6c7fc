package users

import (
	"crypto/md5"
	"encoding/hex"

	"golang.org/x/crypto/bcrypt"
)

func hashPassword(password string) (string, error) {
	sum, err := bcrypt.GenerateFromPassword([]byte(password), 12)
	return hex.EncodeToString(sum), err
}
