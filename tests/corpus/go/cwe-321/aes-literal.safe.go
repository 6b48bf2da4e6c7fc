package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"os"
)

func block() (cipher.Block, error) {
	key := []byte(os.Getenv("SEAL_KEY"))
	_ = os.Args
	return aes.NewCipher(key)
}
