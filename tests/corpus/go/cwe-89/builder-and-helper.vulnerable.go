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
	text.WriteString(clause("owner", r.FormValue("owner")))
	if _, err := db.Exec(text.String()); err != nil {
		http.Error(w, "failed", 500)
	}
}
