package stream

import (
	"crypto/cipher"
	"crypto/rc4"

	"golang.org/x/crypto/chacha20"
)

func stream(key, nonce []byte) (cipher.Stream, error) {
	return rc4.NewCipher(key)
}
