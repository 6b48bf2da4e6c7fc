package notes

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"io"
)

type Sealer struct {
	key []byte
}

func NewSealer(key []byte) *Sealer {
	return &Sealer{key: key}
}

func pad(data []byte, size int) []byte {
	n := size - len(data)%size
	return append(data, bytes.Repeat([]byte{byte(n)}, n)...)
}

func (s *Sealer) Seal(note []byte) ([]byte, error) {
	block, err := des.NewTripleDESCipher(s.key)
	if err != nil {
		return nil, err
	}
	iv := make([]byte, block.BlockSize())
	if _, err := io.ReadFull(rand.Reader, iv); err != nil {
		return nil, err
	}
	padded := pad(note, block.BlockSize())
	sealed := make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, padded)
	return append(iv, sealed...), nil
}
