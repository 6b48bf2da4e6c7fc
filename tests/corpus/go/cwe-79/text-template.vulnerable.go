package web

import (
	"net/http"
	"text/template"
)

var page = template.Must(template.New("profile").Parse(`<html><body><h1>{{.Name}}</h1></body></html>`))

func Profile(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page.Execute(w, map[string]string{"Name": r.FormValue("name")})
}
