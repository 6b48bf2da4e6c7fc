package audit

import (
	"log"
	"net/http"
)

func failed(r *http.Request) {
	user := r.FormValue("user")
	log.Printf("login failed for %q", user)
}
