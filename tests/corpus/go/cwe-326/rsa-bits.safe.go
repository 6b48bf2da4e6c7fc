package keys

import (
	"crypto/rand"
	"crypto/rsa"
)

func key() (*rsa.PrivateKey, error) {
	bits := 4096
	return rsa.GenerateKey(rand.Reader, bits)
}
