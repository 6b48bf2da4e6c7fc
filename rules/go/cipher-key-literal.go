package seal

import (
	"crypto/aes"
	"crypto/hmac"
	"crypto/sha256"
	"os"
)

func a() {
	// ruleid: oreva.go.hard-coded-key.cipher-key-literal
	_, _ = aes.NewCipher([]byte("0123456789abcdef"))
}

func b(text []byte) {
	key := []byte("correct horse battery staple")
	// ruleid: oreva.go.hard-coded-key.cipher-key-literal
	_ = hmac.New(sha256.New, key)
}

func c(key []byte) {
	// ok: oreva.go.hard-coded-key.cipher-key-literal
	_, _ = aes.NewCipher(key)
	// ok: oreva.go.hard-coded-key.cipher-key-literal
	_ = hmac.New(sha256.New, []byte(os.Getenv("SIGNING_KEY")))
}
