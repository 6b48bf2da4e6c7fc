package auth

import (
	"golang.org/x/crypto/bcrypt"
)

type User struct {
	Email        string
	PasswordHash string
}

func NewUser(email, password string) (*User, error) {
	sum, err := bcrypt.GenerateFromPassword([]byte(password), 12)
	if err != nil {
		return nil, err
	}
	return &User{Email: email, PasswordHash: string(sum)}, nil
}
