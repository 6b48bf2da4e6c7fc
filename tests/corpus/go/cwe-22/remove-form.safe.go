package files

import (
	"net/http"
	"os"
)

var names = map[string]string{"a": "/srv/files/a.txt"}

func remove(w http.ResponseWriter, r *http.Request) {
	path := names[r.PostFormValue("name")]
	if err := os.Remove(path); err != nil {
		http.NotFound(w, r)
	}
}
