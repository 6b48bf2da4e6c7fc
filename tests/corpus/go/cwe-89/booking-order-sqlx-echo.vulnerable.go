package bookings

import (
	"net/http"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
)

type Booking struct {
	ID    int    `db:"id" json:"id"`
	Guest string `db:"guest" json:"guest"`
	Room  string `db:"room" json:"room"`
}

type Handler struct {
	db *sqlx.DB
}

func orderBy(sort, direction string) string {
	if sort == "" {
		sort = "id"
	}
	return " ORDER BY " + sort + " " + strings.ToUpper(direction)
}

func (h *Handler) List(c echo.Context) error {
	query := "SELECT id, guest, room FROM bookings WHERE hotel = $1"
	query += orderBy(c.QueryParam("sort"), c.QueryParam("dir"))
	var rows []Booking
	if err := h.db.Select(&rows, query, c.Param("hotel")); err != nil {
		return echo.NewHTTPError(http.StatusInternalServerError)
	}
	return c.JSON(http.StatusOK, rows)
}
