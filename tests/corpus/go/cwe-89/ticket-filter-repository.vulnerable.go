package tickets

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"strings"
)

type Repository struct {
	db *sql.DB
}

type Filter struct {
	Labels []string `json:"labels"`
	State  string   `json:"state"`
}

func (r *Repository) Count(f Filter) (int, error) {
	var total int
	query := "SELECT count(*) FROM tickets WHERE state = ?"
	if len(f.Labels) > 0 {
		query += " AND label IN ('" + strings.Join(f.Labels, "','") + "')"
	}
	err := r.db.QueryRow(query, f.State).Scan(&total)
	return total, err
}

func (r *Repository) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var filter Filter
	if err := json.NewDecoder(http.MaxBytesReader(w, req.Body, 1<<16)).Decode(&filter); err != nil {
		http.Error(w, "invalid filter", http.StatusBadRequest)
		return
	}
	total, err := r.Count(filter)
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(map[string]int{"total": total})
}
