package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"
)

func encrypt(key []byte) {
	// ruleid: oreva.go.weak-cipher.insecure-cipher
	block, err := des.NewTripleDESCipher(key)
	// ruleid: oreva.go.weak-cipher.insecure-cipher
	stream, err := rc4.NewCipher(key)
	_, _, _ = block, stream, err
}

func safe(key []byte) (cipher.AEAD, error) {
	// ok: oreva.go.weak-cipher.insecure-cipher
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	// ok: oreva.go.weak-cipher.insecure-cipher
	return cipher.NewGCM(block)
}
