package convert

import (
	"os/exec"
	"strconv"

	"github.com/labstack/echo/v4"
)

func resize(c echo.Context) error {
	size := c.QueryParam("size")
	args := []string{"-c"}
	width, err := strconv.Atoi(size)
	if err != nil {
		return c.NoContent(400)
	}
	args = append(args, "convert in.png -resize "+strconv.Itoa(width)+" out.png")
	cmd := exec.Command("sh", args...)
	return cmd.Run()
}
