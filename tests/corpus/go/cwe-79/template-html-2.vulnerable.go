package web

import (
	"html/template"
	"net/http"
)

type view struct {
	Title string
	Body  template.HTML
}

func Preview(t *template.Template) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "bad form", http.StatusBadRequest)
			return
		}
		v := view{Title: "Preview", Body: template.HTML(r.PostForm.Get("body"))}
		t.ExecuteTemplate(w, "preview.html", v)
	}
}
