package pages

import (
	"net/http"
	"text/template"
)

var page = template.Must(template.New("page").Parse("<h1>{{ .Name }}</h1>"))

func show(w http.ResponseWriter, r *http.Request) {
	// ruleid: oreva.go.xss.text-template-response
	page.Execute(w, user(r))
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	// ruleid: oreva.go.xss.text-template-response
	s.templates.ExecuteTemplate(w, "list.html", s.items)
}

func plain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// ok: oreva.go.xss.text-template-response
	page.Execute(w, user(r))
}

func mail(out *bytes.Buffer, user User) error {
	// ok: oreva.go.xss.text-template-response
	return page.Execute(out, user)
}
