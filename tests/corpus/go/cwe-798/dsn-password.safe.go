package store

import (
	"database/sql"
	"os"
)

func open() (*sql.DB, error) {
	dsn := os.Getenv("DATABASE_URL")
	_ = os.Args
	return sql.Open("postgres", dsn)
}
