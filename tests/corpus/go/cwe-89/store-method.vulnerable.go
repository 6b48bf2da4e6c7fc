package main

import (
	"database/sql"
	"encoding/json"
	"net/http"
)

type Store struct{ db *sql.DB }

func (s *Store) FindByEmail(email string) (string, error) {
	var name string
	err := s.db.QueryRow("SELECT name FROM users WHERE email = '" + email + "'").Scan(&name)
	return name, err
}

type API struct{ store *Store }

func (a *API) user(w http.ResponseWriter, r *http.Request) {
	name, err := a.store.FindByEmail(r.URL.Query().Get("email"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	json.NewEncoder(w).Encode(map[string]string{"name": name})
}
