package login

import "net/http"

func login(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	switch next {
	case "/home", "/orders":
	default:
		next = "/home"
	}
	http.Redirect(w, r, next, http.StatusFound)
}
