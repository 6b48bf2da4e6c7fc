package web

import "net/http"

func setSession(w http.ResponseWriter, id string) {
	cookie := &http.Cookie{
		Name:   "session_id",
		Value:  id,
		Path:   "/",
		MaxAge: 86400,
	}
	http.SetCookie(w, cookie)
}
