package tokens

import (
	crand "crypto/rand"
	"encoding/hex"
	"math/rand"
)

func resetToken() string {
	token := make([]byte, 16)
	for i := range token {
		token[i] = byte(rand.Intn(256))
	}
	return hex.EncodeToString(token)
}
