package cards

import (
	"html/template"
	"net/http"
)

func a(w http.ResponseWriter, r *http.Request) {
	// ruleid: oreva.go.template-injection.template-source-taint
	page, _ := template.New("card").Parse("<p>" + r.FormValue("text") + "</p>")
	_ = page.Execute(w, nil)
}

func b(w http.ResponseWriter, r *http.Request) {
	source := r.URL.Query().Get("layout")
	page := template.New("card")
	// ruleid: oreva.go.template-injection.template-source-taint
	_, _ = page.Parse(source)
}

func c(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.template-injection.template-source-taint
	page, _ := template.New("card").Parse("<p>{{.}}</p>")
	// ok: oreva.go.template-injection.template-source-taint
	_ = page.Execute(w, r.FormValue("text"))
}
