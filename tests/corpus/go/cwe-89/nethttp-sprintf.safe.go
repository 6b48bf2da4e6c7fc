package orders

import (
	"database/sql"
	"fmt"
	"net/http"
)

type Handler struct{ db *sql.DB }

func (h *Handler) List(w http.ResponseWriter, r *http.Request) {
	customer := r.URL.Query().Get("customer")
	query := fmt.Sprintf("SELECT id FROM orders WHERE customer = $1 LIMIT %d", 50)
	rows, err := h.db.QueryContext(r.Context(), query, customer)
	if err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	defer rows.Close()
}
