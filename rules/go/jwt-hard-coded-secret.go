package login

import (
	"os"

	"github.com/golang-jwt/jwt/v5"
	"github.com/gorilla/sessions"
)

var signingKey = []byte("keyboard-cat")

// ruleid: oreva.go.hard-coded-secret.jwt-hard-coded-secret
var store = sessions.NewCookieStore([]byte("s3cr3t-session-key"))

func issue(claims jwt.Claims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	// ruleid: oreva.go.hard-coded-secret.jwt-hard-coded-secret
	return token.SignedString([]byte("s3cr3t-signing-key"))
}

func reissue(token *jwt.Token) (string, error) {
	// ruleid: oreva.go.hard-coded-secret.jwt-hard-coded-secret
	return token.SignedString(signingKey)
}

func check(text string) (*jwt.Token, error) {
	return jwt.Parse(text, func(token *jwt.Token) (interface{}, error) {
		// ruleid: oreva.go.hard-coded-secret.jwt-hard-coded-secret
		return []byte("s3cr3t-signing-key"), nil
	})
}

// ok: oreva.go.hard-coded-secret.jwt-hard-coded-secret
var safeStore = sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))

func safe(token *jwt.Token, key []byte) (string, error) {
	// ok: oreva.go.hard-coded-secret.jwt-hard-coded-secret
	return token.SignedString(key)
}
