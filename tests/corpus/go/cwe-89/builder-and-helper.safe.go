package accounts

import (
	"database/sql"
	"net/http"
	"strings"
)

var db *sql.DB

func clause(column, value string) string {
	return column + " = '" + value + "'"
}

func update(w http.ResponseWriter, r *http.Request) {
	var text strings.Builder
	text.WriteString("UPDATE account SET seen = true WHERE ")
	text.WriteString("owner = $1")
	if _, err := db.Exec(text.String(), r.FormValue("owner")); err != nil {
		http.Error(w, "failed", 500)
	}
}
