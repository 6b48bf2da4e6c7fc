package auth

import (
	"crypto/sha256"
	"encoding/hex"
)

type User struct {
	Email        string
	PasswordHash string
}

func NewUser(email, password string) *User {
	sum := sha256.Sum256([]byte(password))
	return &User{Email: email, PasswordHash: hex.EncodeToString(sum[:])}
}
