package keys

import (
	"crypto/rand"
	"crypto/rsa"
)

func key() (*rsa.PrivateKey, error) {
	bits := 1024
	return rsa.GenerateKey(rand.Reader, bits)
}
