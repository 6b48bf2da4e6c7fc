package p

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
)

const origin = "https://app.example.com"

func bad1(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if strings.HasPrefix(next, "http") {
		// ruleid: oreva.go.open-redirect.redirect-taint
		http.Redirect(w, r, next, 302)
	}
}

func bad2(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if !strings.HasPrefix(next, "/") {
		next = "/"
	}
	// ruleid: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, 302)
}

func bad3(c *gin.Context) {
	next := c.DefaultQuery("next", "/")
	if !strings.HasPrefix(next, "https://app.example.com") {
		next = "/"
	}
	// ruleid: oreva.go.open-redirect.redirect-taint
	c.Redirect(302, next)
}

func bad4(c echo.Context) error {
	u, err := url.Parse(c.QueryParam("next"))
	if err != nil || u.IsAbs() {
		return c.Redirect(302, "/")
	}
	// ruleid: oreva.go.open-redirect.redirect-taint
	return c.Redirect(302, u.String())
}

func bad5(c *gin.Context) {
	base := c.Query("base")
	// ruleid: oreva.go.open-redirect.redirect-taint
	c.Redirect(302, base+"/login/x")
}

func ok1(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.HasPrefix(next, "/\\") {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, 302)
}

func ok2(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") {
		// ok: oreva.go.open-redirect.redirect-taint
		http.Redirect(w, r, next, 302)
		return
	}
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, "/", 302)
}

func ok3(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if !strings.HasPrefix(next, "/") {
		next = "/"
	}
	if strings.HasPrefix(next, "//") {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, 302)
}

func ok4(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if len(next) < 2 || next[0] != '/' || next[1] == '/' || next[1] == '\\' {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, 302)
}

func ok5(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, 302)
}

func ok6(c *gin.Context) {
	u, err := url.Parse(c.Query("next"))
	if err != nil || u.Hostname() != "app.example.com" {
		c.Status(400)
		return
	}
	// ok: oreva.go.open-redirect.redirect-taint
	c.Redirect(302, u.String())
}

func ok7(c *gin.Context) {
	next := c.Query("next")
	if u, err := url.Parse(next); err != nil || u.Host != "" {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	c.Redirect(302, next)
}

func ok8(c *gin.Context) {
	next := c.Query("next")
	if !strings.HasPrefix(next, "https://app.example.com/") {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	c.Redirect(302, next)
	back := c.Query("back")
	if strings.HasPrefix(back, origin+"/") {
		// ok: oreva.go.open-redirect.redirect-taint
		c.Redirect(302, back)
	}
	sec := c.Query("s")
	if !strings.HasPrefix(sec, "/app/") {
		return
	}
	// ok: oreva.go.open-redirect.redirect-taint
	c.Redirect(302, sec)
}

func ok9(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("next"))
	if err != nil {
		return
	}
	switch u.Host {
	case "", "a.example.com":
		// ok: oreva.go.open-redirect.redirect-taint
		http.Redirect(w, r, u.String(), 302)
	default:
		// ok: oreva.go.open-redirect.redirect-taint
		http.Redirect(w, r, "/", 302)
	}
}

func ok10(w http.ResponseWriter, r *http.Request) {
	next := safeNext(r.FormValue("next"))
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, http.StatusSeeOther)
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, cfg.BaseURL+"/x/"+r.FormValue("next"), http.StatusSeeOther)
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, "/x?next="+r.FormValue("next"), http.StatusSeeOther)
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, path.Join("/x", r.FormValue("next")), http.StatusSeeOther)
}

func safeNext(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") {
		return "/"
	}
	return u.EscapedPath()
}

func ok11(w http.ResponseWriter, r *http.Request) {
	// todook: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, landing(r.FormValue("next")), http.StatusSeeOther)
}

func landing(next string) string {
	if strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") {
		return next
	}
	return "/"
}

func bad11(w http.ResponseWriter, r *http.Request) {
	// ruleid: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, sanitizeRedirect(r.FormValue("next")), http.StatusSeeOther)
}

func sanitizeRedirect(next string) string {
	if strings.HasPrefix(next, "/") {
		return next
	}
	return "/"
}

func bad12(w http.ResponseWriter, r *http.Request) {
	// ruleid: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, trimmed(r.FormValue("next")), http.StatusSeeOther)
}

func trimmed(next string) string {
	return strings.TrimSpace(next)
}

func ok13(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, web.SafeRedirectURL(r.FormValue("next")), http.StatusSeeOther)
}

func ok14(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, "https://"+r.Host+r.URL.RequestURI(), http.StatusSeeOther)
}

func ok15(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, pages(r.FormValue("next")), http.StatusSeeOther)
}

func pages(name string) string {
	switch name {
	case "home":
		return "/home"
	}
	return "/"
}

type app struct{}

func (a *app) ok16(w http.ResponseWriter, r *http.Request) {
	next := a.safeTarget(r.URL.Query().Get("next"))
	// todook: oreva.go.open-redirect.redirect-taint
	w.Header().Set("Location", next)
	w.WriteHeader(302)
}

func (a *app) safeTarget(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Host != "" {
		return "/"
	}
	return next
}

func ok21(w http.ResponseWriter, r *http.Request) {
	next := r.FormValue("next")
	if next == "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		next = "/"
	}
	// ok: oreva.go.open-redirect.redirect-taint
	http.Redirect(w, r, next, 302)
}
