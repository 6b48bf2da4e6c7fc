package users

import (
	"crypto/md5"
	"crypto/sha256"
	"io"

	"golang.org/x/crypto/bcrypt"
)

func register(user *User, password string) {
	// ruleid: oreva.go.weak-hash.password-fast-hash
	sum := md5.Sum([]byte(password))
	digest := sha256.New()
	// ruleid: oreva.go.weak-hash.password-fast-hash
	io.WriteString(digest, user.Password+salt)
	user.Hash = append(sum[:], digest.Sum(nil)...)
}

func safe(password string, file []byte) ([]byte, error) {
	// ok: oreva.go.weak-hash.password-fast-hash
	etag := sha256.Sum256(file)
	// ok: oreva.go.weak-hash.password-fast-hash
	legacy := md5.Sum(file)
	_, _ = etag, legacy
	// ok: oreva.go.weak-hash.password-fast-hash
	return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
}
