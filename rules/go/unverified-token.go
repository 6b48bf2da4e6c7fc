package auth

import "github.com/golang-jwt/jwt/v5"

func a(text string, claims jwt.MapClaims) {
	// ruleid: oreva.go.jwt.unverified-token
	_, _, _ = jwt.NewParser().ParseUnverified(text, claims)
}

func b(token *jwt.Token) any {
	// ruleid: oreva.go.jwt.unverified-token
	return jwt.UnsafeAllowNoneSignatureType
}

func c(text string, claims jwt.MapClaims) {
	// ok: oreva.go.jwt.unverified-token
	_, _ = jwt.ParseWithClaims(text, claims, keyOf)
}

func d(text string, claims jwt.MapClaims) {
	// ok: oreva.go.jwt.unverified-token
	_, _ = jwt.Parse(text, keyOf, jwt.WithValidMethods([]string{"RS256"}))
}
