package profile

import (
	"html/template"
	"net/http"
)

var page = template.Must(template.New("profile").Parse("<div>{{.Bio}}</div>"))

func profile(w http.ResponseWriter, r *http.Request) {
	bio := r.FormValue("bio")
	_ = page.Execute(w, map[string]any{"Bio": bio})
}
