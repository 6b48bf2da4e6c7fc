package page

import (
	"html/template"
	"net/http"
)

func page(w http.ResponseWriter, r *http.Request) {
	city := r.URL.Query().Get("city")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<h1>Weather in " + city + "</h1>"))
}
