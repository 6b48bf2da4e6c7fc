package notes

import (
	"os"
	"path/filepath"

	"github.com/labstack/echo/v4"
)

func note(c echo.Context) error {
	name := c.Param("name")
	data, err := os.ReadFile("/srv/notes/" + name)
	if err != nil {
		return err
	}
	return c.Blob(200, "text/plain", data)
}
