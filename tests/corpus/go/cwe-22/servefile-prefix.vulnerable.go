package files

import (
	"net/http"
	"path/filepath"

	"github.com/gorilla/mux"
)

func Static(dir string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		vars := mux.Vars(r)
		path := filepath.Join(dir, vars["tenant"], vars["file"])
		http.ServeFile(w, r, path)
	}
}
