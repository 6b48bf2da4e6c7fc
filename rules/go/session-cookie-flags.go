package login

import "net/http"

func login(w http.ResponseWriter, id string) {
	// ruleid: oreva.go.cookie-flags.session-cookie-flags
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, Path: "/"})
	// ruleid: oreva.go.cookie-flags.session-cookie-flags
	cookie := http.Cookie{Name: "auth_token", Value: id, HttpOnly: true}
	http.SetCookie(w, &cookie)
}

func safe(w http.ResponseWriter, id string, secure bool) {
	// ok: oreva.go.cookie-flags.session-cookie-flags
	http.SetCookie(w, &http.Cookie{Name: "session", Value: id, HttpOnly: true, Secure: true})
	// ok: oreva.go.cookie-flags.session-cookie-flags
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: id, Secure: secure, HttpOnly: true})
	// ok: oreva.go.cookie-flags.session-cookie-flags
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})
	// ok: oreva.go.cookie-flags.session-cookie-flags
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "", MaxAge: -1})
}

func explicitlyOff(w http.ResponseWriter, token string) {
	// ruleid: oreva.go.cookie-flags.session-cookie-flags
	http.SetCookie(w, &http.Cookie{Name: "session", Value: token, HttpOnly: true, Secure: false})
}
