package audit

import (
	"log"
	"net/http"
)

func failed(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	// ruleid: oreva.go.log-injection.log-line-taint
	log.Printf("login failed for %s", user)
	// ruleid: oreva.go.log-injection.log-line-taint
	log.Println("agent", r.UserAgent())
	// ok: oreva.go.log-injection.log-line-taint
	log.Printf("login failed for %q", user)
	// ok: oreva.go.log-injection.log-line-taint
	log.Println("ready")
}
