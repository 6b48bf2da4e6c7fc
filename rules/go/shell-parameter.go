package media

import (
	"context"
	"fmt"
	"os/exec"
)

func convert(ctx context.Context, name string) error {
	// ruleid: oreva.go.command-injection.shell-parameter
	return exec.CommandContext(ctx, "bash", "-c", "convert /srv/in/"+name+" /srv/out/"+name+".png").Run()
}

func (s *Server) ping(host string, count int) ([]byte, error) {
	script := fmt.Sprintf("ping -c %d %s | tail -1", count, host)
	// ruleid: oreva.go.command-injection.shell-parameter
	return exec.Command("/bin/sh", "-c", script).Output()
}

func withoutShell(ctx context.Context, name string) error {
	// ok: oreva.go.command-injection.shell-parameter
	return exec.CommandContext(ctx, "convert", "/srv/in/"+name, "/srv/out/"+name+".png").Run()
}

func quoted(name string) error {
	// ok: oreva.go.command-injection.shell-parameter
	return exec.Command("sh", "-c", "convert "+shellescape.Quote(name)+" out.png").Run()
}

func numbers(count int) error {
	// ok: oreva.go.command-injection.shell-parameter
	return exec.Command("sh", "-c", fmt.Sprintf("head -n %d /var/log/app.log", count)).Run()
}

func whole(script string) error {
	// ok: oreva.go.command-injection.shell-parameter
	return exec.Command("sh", "-c", script).Run()
}
