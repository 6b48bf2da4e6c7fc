package tokens

import (
	"fmt"
	"math/rand"
	"strings"
	"time"
)

func reset(user *User) {
	// ruleid: oreva.go.weak-random.math-rand-token
	token := fmt.Sprintf("%d", rand.Int63())
	// ruleid: oreva.go.weak-random.math-rand-token
	user.Password = string(letters[rand.Intn(len(letters))]) + token
}

func generateToken() string {
	var text strings.Builder
	for i := 0; i < 16; i++ {
		text.WriteByte(letters[rand.Intn(len(letters))])
	}
	// ruleid: oreva.go.weak-random.math-rand-token
	return text.String()
}

func safe(items []string) string {
	// ok: oreva.go.weak-random.math-rand-token
	delay := time.Duration(rand.Intn(1000)) * time.Millisecond
	// ok: oreva.go.weak-random.math-rand-token
	token := secureToken(32)
	time.Sleep(delay)
	// ok: oreva.go.weak-random.math-rand-token
	item := items[rand.Intn(len(items))]
	return token + item
}
