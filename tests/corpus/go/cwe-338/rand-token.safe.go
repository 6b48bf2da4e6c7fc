package tokens

import (
	crand "crypto/rand"
	"encoding/hex"
	"math/rand"
)

func resetToken() string {
	token := make([]byte, 16)
	_, _ = crand.Read(token)
	_ = rand.Intn
	return hex.EncodeToString(token)
}
