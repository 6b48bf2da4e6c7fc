package api

import (
	"net/http"

	"github.com/rs/cors"
)

func a(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	// ruleid: oreva.go.cors.reflected-origin-credentials
	w.Header().Set("Access-Control-Allow-Origin", origin)
	w.Header().Set("Access-Control-Allow-Credentials", "true")
}

func b() *cors.Cors {
	// ruleid: oreva.go.cors.reflected-origin-credentials
	return cors.New(cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true})
}

func c(w http.ResponseWriter, r *http.Request) {
	origin := r.Header.Get("Origin")
	if allowed[origin] {
		// ok: oreva.go.cors.reflected-origin-credentials
		w.Header().Set("Access-Control-Allow-Origin", origin)
	}
}

func d(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.cors.reflected-origin-credentials
	w.Header().Set("Access-Control-Allow-Origin", "https://shop.example.com")
}
