package api

import (
	"encoding/json"
	"log"
	"net/http"
	"runtime/debug"
)

func recovered(w http.ResponseWriter, r *http.Request) {
	if cause := recover(); cause != nil {
		log.Printf("panic: %v", cause)
		w.WriteHeader(http.StatusInternalServerError)
		_ = json.NewEncoder(w).Encode(map[string]string{"stack": string(debug.Stack())})
	}
}
