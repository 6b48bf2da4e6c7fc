package session

import (
	"net/http"
	"net/url"
	"strings"
)

type Authenticator interface {
	Check(user, password string) bool
}

type LoginHandler struct {
	auth Authenticator
	home string
}

func (h *LoginHandler) destination(r *http.Request) string {
	target := r.FormValue("return_to")
	parsed, err := url.Parse(target)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.User != nil {
		return h.home
	}
	if !strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") || strings.Contains(target, "\\") {
		return h.home
	}
	return target
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
