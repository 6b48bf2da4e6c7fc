package otp

import (
	crand "crypto/rand"
	"fmt"
	"math/big"
	"math/rand"
)

func newOTP() string {
	otp := fmt.Sprintf("%06d", rand.Intn(1000000))
	return otp
}
