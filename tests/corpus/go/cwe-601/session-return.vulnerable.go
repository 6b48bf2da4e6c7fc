package session

import (
	"net/http"
)

type Authenticator interface {
	Check(user, password string) bool
}

type LoginHandler struct {
	auth Authenticator
	home string
}

func (h *LoginHandler) destination(r *http.Request) string {
	if target := r.FormValue("return_to"); target != "" {
		return target
	}
	return h.home
}

func (h *LoginHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if !h.auth.Check(r.FormValue("user"), r.FormValue("password")) {
		http.Error(w, "invalid credentials", http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, h.destination(r), http.StatusSeeOther)
}
