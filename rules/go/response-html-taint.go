package pages

import (
	"fmt"
	"html"
	"html/template"
	"io"
	"net/http"
)

func hello(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: oreva.go.xss.response-html-taint
	fmt.Fprintf(w, "<h1>Hello %s</h1>", name)
	// ruleid: oreva.go.xss.response-html-taint
	w.Write([]byte("<p>" + r.FormValue("text") + "</p>"))
	// ruleid: oreva.go.xss.response-html-taint
	io.WriteString(w, fmt.Sprintf("<a href=%q>back</a>", r.Referer()))
}

func safe(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ok: oreva.go.xss.response-html-taint
	fmt.Fprintf(w, "<h1>Hello %s</h1>", html.EscapeString(name))
	// ok: oreva.go.xss.response-html-taint
	page.Execute(w, map[string]string{"name": name})
	// ok: oreva.go.xss.response-html-taint
	fmt.Fprintf(w, "<p>page %d</p>", len(name))
	// ok: oreva.go.xss.response-html-taint
	fmt.Fprintf(os.Stderr, "no page for %s", name)
	w.Header().Set("Content-Type", "text/plain")
	// ok: oreva.go.xss.response-html-taint
	fmt.Fprintf(w, "<%s>", name)
}
