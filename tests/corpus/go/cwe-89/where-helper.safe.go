package admin

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
)

func buildWhere(values url.Values) (string, []any) {
	parts := []string{"true"}
	args := []any{}
	for _, key := range []string{"user_id", "device"} {
		if values.Has(key) {
			parts = append(parts, key+" = ?")
			args = append(args, values.Get(key))
		}
	}
	return strings.Join(parts, " AND "), args
}

func Purge(ctx context.Context, db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		defer tx.Rollback()
		where, args := buildWhere(r.URL.Query())
		if _, err := tx.Exec("DELETE FROM sessions WHERE "+where, args...); err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
			return
		}
		tx.Commit()
	}
}
