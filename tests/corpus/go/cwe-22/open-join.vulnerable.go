package files

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

const base = "/srv/reports"

func report(w http.ResponseWriter, r *http.Request) {
	name := filepath.Join(base, r.URL.Query().Get("name"))
	file, err := os.Open(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	_, _ = io.Copy(w, file)
}
