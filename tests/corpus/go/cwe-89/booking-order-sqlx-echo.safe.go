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

var sortColumns = map[string]string{"guest": "guest", "room": "room", "arrival": "arrives_on"}

func orderBy(sort, direction string) string {
	column, ok := sortColumns[sort]
	if !ok {
		column = "id"
	}
	if strings.EqualFold(direction, "desc") {
		return " ORDER BY " + column + " DESC"
	}
	return " ORDER BY " + column + " ASC"
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
