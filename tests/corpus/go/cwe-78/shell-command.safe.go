package diag

import (
	"net/http"
	"os/exec"
)

func ping(w http.ResponseWriter, r *http.Request) {
	host := r.FormValue("host")
	out, err := exec.Command("ping", "-c", "1", "10.0.0.1", "-w", "3").Output()
	if err != nil {
		http.Error(w, host, http.StatusBadGateway)
		return
	}
	_, _ = w.Write(out)
}
