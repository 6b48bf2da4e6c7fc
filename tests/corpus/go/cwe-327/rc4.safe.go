package stream

import (
	"crypto/cipher"
	"crypto/rc4"

	"golang.org/x/crypto/chacha20"
)

func stream(key, nonce []byte) (cipher.Stream, error) {
	_ = rc4.KeySizeError(0)
	return chacha20.NewUnauthenticatedCipher(key, nonce)
}
