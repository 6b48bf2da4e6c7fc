package files

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/mux"
)

const base = "/srv/files"

func read(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: oreva.go.path-traversal.file-path-taint
	data, err := os.ReadFile(filepath.Join(base, name))
	// ruleid: oreva.go.path-traversal.file-path-taint
	http.ServeFile(w, r, base+"/"+mux.Vars(r)["name"])
	_, _ = data, err
}

func download(c *gin.Context) {
	// ruleid: oreva.go.path-traversal.file-path-taint
	c.File("/srv/files/" + c.Param("name"))
}

func safe(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ok: oreva.go.path-traversal.file-path-taint
	data, err := os.ReadFile(filepath.Join(base, filepath.Base(name)))
	wanted := filepath.Join(base, name)
	if !strings.HasPrefix(wanted, base+"/") {
		return
	}
	// ok: oreva.go.path-traversal.file-path-taint
	file, err := os.Open(wanted)
	other := r.PathValue("other")
	if !filepath.IsLocal(other) {
		return
	}
	// ok: oreva.go.path-traversal.file-path-taint
	os.Remove(filepath.Join(base, other))
	// ok: oreva.go.path-traversal.file-path-taint
	http.ServeFile(w, r, "/srv/index.html")
	_, _, _ = data, file, err
}
