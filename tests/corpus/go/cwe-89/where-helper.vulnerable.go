package admin

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
)

func buildWhere(values url.Values) string {
	parts := []string{}
	for key := range values {
		parts = append(parts, key+" = '"+values.Get(key)+"'")
	}
	return strings.Join(parts, " AND ")
}

func Purge(ctx context.Context, db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		defer tx.Rollback()
		where := buildWhere(r.URL.Query())
		if _, err := tx.Exec("DELETE FROM sessions WHERE " + where); err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
			return
		}
		tx.Commit()
	}
}
