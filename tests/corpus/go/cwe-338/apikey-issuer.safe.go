package apikeys

import (
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"net/http"
)

type Issuer struct {
	db *sql.DB
}

func newAPIKey() (string, error) {
	raw := make([]byte, 24)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	return "ak_" + hex.EncodeToString(raw), nil
}

func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	project := r.PathValue("project")
	key, err := newAPIKey()
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	_, err = i.db.ExecContext(r.Context(), "INSERT INTO api_keys (project, value) VALUES ($1, $2)", project, key)
	if err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]string{"key": key})
}
