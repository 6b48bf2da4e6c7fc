package recordings

import (
	"net/http"
	"os"
	"path/filepath"

	"github.com/labstack/echo/v4"
)

type Library struct {
	root string
}

func (l *Library) path(camera, clip string) (string, error) {
	full := filepath.Join(l.root, camera, clip)
	if _, err := os.Stat(full); err != nil {
		return "", echo.ErrNotFound
	}
	return full, nil
}

func (l *Library) Play(c echo.Context) error {
	clip := c.QueryParam("clip")
	if clip == "" {
		return echo.NewHTTPError(http.StatusBadRequest, "clip is missing")
	}
	file, err := l.path(c.Param("camera"), clip)
	if err != nil {
		return err
	}
	return c.File(file)
}

func Register(e *echo.Echo, root string) {
	library := &Library{root: filepath.Clean(root)}
	e.GET("/cameras/:camera/play", library.Play)
}
