package tools

import (
	"fmt"
	"net/http"
	"os/exec"

	"github.com/gin-gonic/gin"
)

func ping(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Query().Get("host")
	// ruleid: oreva.go.command-injection.command-taint
	out, err := exec.Command("sh", "-c", "ping -c 1 "+host).Output()
	script := fmt.Sprintf("nslookup %s", r.FormValue("name"))
	// ruleid: oreva.go.command-injection.command-taint
	cmd := exec.CommandContext(r.Context(), "/bin/bash", "-c", script)
	fmt.Println(out, err, cmd)
}

func run(c *gin.Context) {
	// ruleid: oreva.go.command-injection.command-taint
	exec.Command(c.Query("tool"), "--version").Run()
}

func safe(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.command-injection.command-taint
	out, err := exec.Command("git", "log", "--", r.FormValue("file")).Output()
	// ok: oreva.go.command-injection.command-taint
	exec.Command("sh", "-c", "uptime").Run()
	// ok: oreva.go.command-injection.command-taint
	exec.Command("sh", "-c", `ping -c 1 "$1"`).Run()
	kind := r.FormValue("kind")
	if !allowedKinds[kind] {
		return
	}
	// ok: oreva.go.command-injection.command-taint
	exec.Command("sh", "-c", "render "+kind).Run()
	fmt.Println(out, err)
}
