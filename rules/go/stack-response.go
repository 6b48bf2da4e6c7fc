package api

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"runtime/debug"
)

func a(w http.ResponseWriter) {
	// ruleid: oreva.go.error-detail.stack-response
	http.Error(w, string(debug.Stack()), 500)
}

func b(w http.ResponseWriter) {
	stack := string(debug.Stack())
	// ruleid: oreva.go.error-detail.stack-response
	_ = json.NewEncoder(w).Encode(map[string]string{"stack": stack})
}

func c(w http.ResponseWriter) {
	// ok: oreva.go.error-detail.stack-response
	log.Printf("panic: %s", debug.Stack())
	// ok: oreva.go.error-detail.stack-response
	http.Error(w, "internal error", 500)
}

func d() {
	// ok: oreva.go.error-detail.stack-response
	os.Stderr.Write(debug.Stack())
}
