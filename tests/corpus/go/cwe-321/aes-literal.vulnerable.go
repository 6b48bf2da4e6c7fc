package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"os"
)

func block() (cipher.Block, error) {
	key := []byte("S3al-0rders-4242")
	_ = os.Args
	return aes.NewCipher(key)
}
