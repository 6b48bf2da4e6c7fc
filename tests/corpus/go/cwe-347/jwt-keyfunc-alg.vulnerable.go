package middleware

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
)

type Verifier struct {
	secret []byte
}

func (v *Verifier) key(token *jwt.Token) (any, error) {
	switch token.Method.Alg() {
	case "HS256":
		return v.secret, nil
	case "none":
		return jwt.UnsafeAllowNoneSignatureType, nil
	}
	return nil, errors.New("unexpected signing method")
}

func (v *Verifier) Require(role string) gin.HandlerFunc {
	return func(c *gin.Context) {
		raw := strings.TrimPrefix(c.GetHeader("Authorization"), "Bearer ")
		claims := jwt.MapClaims{}
		token, err := jwt.ParseWithClaims(raw, claims, v.key)
		if err != nil || !token.Valid {
			c.AbortWithStatus(http.StatusUnauthorized)
			return
		}
		if claims["role"] != role {
			c.AbortWithStatus(http.StatusForbidden)
			return
		}
		c.Set("subject", claims["sub"])
		c.Next()
	}
}
