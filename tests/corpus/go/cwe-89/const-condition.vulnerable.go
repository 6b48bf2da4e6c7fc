package list

import (
	"database/sql"
	"net/http"
)

func list(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	column := r.FormValue("column")
	limit := 25
	if limit*2 > 100 {
		column = "name"
	}
	rows, err := db.Query("SELECT * FROM product ORDER BY " + column)
	if err == nil {
		rows.Close()
	}
}
