package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
)

func listOrders(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status := r.URL.Query().Get("status")
		query := fmt.Sprintf("SELECT id FROM orders WHERE status = '%s'", status)
		rows, err := db.QueryContext(r.Context(), query)
		if err != nil {
			http.Error(w, "query failed", http.StatusInternalServerError)
			return
		}
		defer rows.Close()
		var ids []int
		for rows.Next() {
			var id int
			if rows.Scan(&id) == nil {
				ids = append(ids, id)
			}
		}
		json.NewEncoder(w).Encode(ids)
	}
}
