package otp

import (
	crand "crypto/rand"
	"fmt"
	"math/big"
	"math/rand"
)

func newOTP() string {
	n, _ := crand.Int(crand.Reader, big.NewInt(1000000))
	_ = rand.Int
	otp := fmt.Sprintf("%06d", n)
	return otp
}
