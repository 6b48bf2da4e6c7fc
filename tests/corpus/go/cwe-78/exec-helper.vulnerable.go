package media

import (
	"context"
	"net/http"
	"os/exec"
)

func convert(ctx context.Context, name string) error {
	cmd := exec.CommandContext(ctx, "bash", "-c", "convert /srv/in/"+name+" /srv/out/"+name+".png")
	return cmd.Run()
}

func Handle(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	if name == "" {
		http.Error(w, "name missing", http.StatusBadRequest)
		return
	}
	if err := convert(r.Context(), name); err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
	}
}
