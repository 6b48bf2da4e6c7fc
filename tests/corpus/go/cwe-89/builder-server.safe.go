package main

import (
	"database/sql"
	"net/http"
	"strings"
)

type Server struct {
	db *sql.DB
}

func (s *Server) handleSearch(w http.ResponseWriter, req *http.Request) {
	q := req.URL.Query()
	var b strings.Builder
	var args []any
	b.WriteString("SELECT name FROM products WHERE 1=1")
	if name := q.Get("name"); name != "" {
		b.WriteString(" AND name LIKE ?")
		args = append(args, "%"+name+"%")
	}
	rows, err := s.db.Query(b.String(), args...)
	if err != nil {
		w.WriteHeader(500)
		return
	}
	defer rows.Close()
	w.WriteHeader(204)
}
