package products

import (
	"database/sql"
	"net/http"
)

func list(db *sql.DB) http.HandlerFunc {
	columns := map[string]string{"price": "price", "name": "name"}
	return func(w http.ResponseWriter, r *http.Request) {
		wanted := r.URL.Query().Get("sort")
		order := wanted
		rows, err := db.Query("SELECT * FROM product ORDER BY " + order)
		if err == nil {
			rows.Close()
		}
	}
}
