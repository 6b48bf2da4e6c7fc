package store

import (
	"database/sql"
	"os"
)

func a() {
	// ruleid: oreva.go.hard-coded-credentials.dsn-password
	_, _ = sql.Open("postgres", "postgres://shop:T4nnenb4um9x@db.internal:5432/shop")
	dsn := "shop:T4nnenb4um9x@tcp(db.internal:3306)/shop"
	// ruleid: oreva.go.hard-coded-credentials.dsn-password
	_, _ = sql.Open("mysql", dsn)
	// ok: oreva.go.hard-coded-credentials.dsn-password
	_, _ = sql.Open("postgres", os.Getenv("DATABASE_URL"))
	// ok: oreva.go.hard-coded-credentials.dsn-password
	_, _ = sql.Open("postgres", "postgres://postgres:postgres@localhost/test")
}
