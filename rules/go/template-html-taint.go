package pages

import (
	"html/template"
	"net/http"
)

func show(w http.ResponseWriter, r *http.Request) {
	comment := r.FormValue("comment")
	// ruleid: oreva.go.xss.template-html-taint
	page.Execute(w, template.HTML(comment))
	// ruleid: oreva.go.xss.template-html-taint
	page.Execute(w, map[string]any{"next": template.URL(r.URL.Query().Get("next"))})
}

func safe(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.xss.template-html-taint
	page.Execute(w, r.FormValue("comment"))
	// ok: oreva.go.xss.template-html-taint
	page.Execute(w, template.HTML("<b>ready</b>"))
	// ok: oreva.go.xss.template-html-taint
	page.Execute(w, template.HTML(policy.Sanitize(r.FormValue("comment"))))
}
