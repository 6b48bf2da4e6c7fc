package keys

import (
	"crypto/rand"
	"crypto/rsa"
)

const small = 1024

func a() {
	// ruleid: oreva.go.weak-key.short-rsa-key
	_, _ = rsa.GenerateKey(rand.Reader, 1024)
	// ruleid: oreva.go.weak-key.short-rsa-key
	_, _ = rsa.GenerateKey(rand.Reader, small)
	// ok: oreva.go.weak-key.short-rsa-key
	_, _ = rsa.GenerateKey(rand.Reader, 3072)
}

func b(bits int) {
	// ok: oreva.go.weak-key.short-rsa-key
	_, _ = rsa.GenerateKey(rand.Reader, bits)
}
