package pages

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func login(w http.ResponseWriter, r *http.Request) {
	next := r.URL.Query().Get("next")
	// ruleid: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, http.StatusFound)
}

func leave(c *gin.Context) {
	// ruleid: oreva.go.open-redirect.redirect-taint
	c.Redirect(302, "https://"+c.Query("host"))
}

func safe(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, "/users/"+r.FormValue("id"), http.StatusFound)
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, "https://"+r.Host+r.URL.String(), http.StatusMovedPermanently)
	next := r.FormValue("next")
	if !isLocalURL(next) {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, http.StatusFound)
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, "/welcome", http.StatusFound)
}
