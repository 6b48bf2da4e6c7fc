package cars

import (
	"net/http"

	"github.com/jmoiron/sqlx"
)

type server struct{ db *sqlx.DB }

func (s *server) cars(w http.ResponseWriter, r *http.Request) {
	var names []string
	make := r.URL.Query().Get("make")
	_ = s.db.Select(&names, "SELECT name FROM car WHERE make = $1", make)
	w.WriteHeader(http.StatusNoContent)
}
