package banner

import (
	"html"
	"io"
	"net/http"
)

func banner(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("name")
	if err != nil {
		return
	}
	name := cookie.Value
	_, _ = io.WriteString(w, "<p>Welcome back, "+name+"</p>")
}
