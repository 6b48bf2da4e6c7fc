package repo

import (
	"net/http"
	"os/exec"
)

func branches(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("repository")
	command := "git -C /srv/" + name + " branch"
	out, _ := exec.CommandContext(r.Context(), "bash", "-c", command).CombinedOutput()
	_, _ = w.Write(out)
}
