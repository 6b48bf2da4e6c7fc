package cards

import (
	"html/template"
	"net/http"
)

func card(w http.ResponseWriter, r *http.Request) {
	page, err := template.New("card").Parse("<p>" + r.FormValue("greeting") + "</p>")
	if err != nil {
		http.Error(w, "bad", 400)
		return
	}
	_ = page.Execute(w, r.FormValue("greeting"))
}
