package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
)

func block(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(key)
}
