package convert

import (
	"os/exec"
	"strconv"

	"github.com/labstack/echo/v4"
)

func resize(c echo.Context) error {
	size := c.QueryParam("size")
	args := []string{"-c"}
	args = append(args, "convert in.png -resize "+size+" out.png")
	cmd := exec.Command("sh", args...)
	return cmd.Run()
}
