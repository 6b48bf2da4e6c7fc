package media

import (
	"context"
	"net/http"
	"os/exec"
	"path/filepath"
)

func convert(ctx context.Context, name string) error {
	cmd := exec.CommandContext(ctx, "convert", "/srv/in/"+name, "/srv/out/"+name+".png")
	return cmd.Run()
}

func Handle(w http.ResponseWriter, r *http.Request) {
	name := filepath.Base(r.FormValue("name"))
	if name == "." || name == "/" {
		http.Error(w, "name missing", http.StatusBadRequest)
		return
	}
	if err := convert(r.Context(), name); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
	}
}
