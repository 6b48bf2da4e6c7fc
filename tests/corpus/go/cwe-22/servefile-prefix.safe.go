package files

import (
	"net/http"
	"path/filepath"
	"strings"

	"github.com/gorilla/mux"
)

func Static(dir string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		vars := mux.Vars(r)
		path := filepath.Join(dir, vars["tenant"], vars["file"])
		if !strings.HasPrefix(path, filepath.Clean(dir)+string(filepath.Separator)) {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, path)
	}
}
