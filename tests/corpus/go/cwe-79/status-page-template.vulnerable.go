package status

import (
	"net/http"
	"text/template"
	"time"
)

const layout = `<!doctype html>
<title>{{.Title}}</title>
<h1>{{.Title}}</h1>
<p>Filtered by service: {{.Service}}</p>
<ul>{{range .Events}}<li>{{.}}</li>{{end}}</ul>`

type view struct {
	Title   string
	Service string
	Events  []string
}

type Page struct {
	tmpl   *template.Template
	events func(service string) []string
}

func NewPage(events func(string) []string) *Page {
	return &Page{tmpl: template.Must(template.New("status").Parse(layout)), events: events}
}

func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service := r.URL.Query().Get("service")
	if service == "" {
		service = "all"
	}
	data := view{Title: "Status " + time.Now().Format(time.DateOnly), Service: service, Events: p.events(service)}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.tmpl.Execute(w, data); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
	}
}
