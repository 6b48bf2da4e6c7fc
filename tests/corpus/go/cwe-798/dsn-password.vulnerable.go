package store

import (
	"database/sql"
	"os"
)

func open() (*sql.DB, error) {
	dsn := "postgres://shop:T4nnenb4um9x@db.internal:5432/shop"
	_ = os.Args
	return sql.Open("postgres", dsn)
}
