package store

import (
	"database/sql"
	"fmt"
)

func byName(db *sql.DB, name string) *sql.Row {
	// ruleid: oreva.go.sql-injection.quoted-value-query
	return db.QueryRow("SELECT * FROM users WHERE name = '" + name + "' LIMIT 1")
}

func (s *Store) search(ctx context.Context, term string) (*sql.Rows, error) {
	query := fmt.Sprintf(`SELECT * FROM items WHERE name LIKE '%%%s%%'`, term)
	// ruleid: oreva.go.sql-injection.quoted-value-query
	return s.db.QueryContext(ctx, query)
}

func safe(db *sql.DB, name string, table string, id int) (*sql.Rows, error) {
	// ok: oreva.go.sql-injection.quoted-value-query
	row := db.QueryRow("SELECT * FROM users WHERE name = $1", name)
	// ok: oreva.go.sql-injection.quoted-value-query
	count := db.QueryRow("SELECT count(*) FROM " + table)
	label := "where name = '" + name + "'"
	fmt.Println(row, count, label)
	// ok: oreva.go.sql-injection.quoted-value-query
	return db.Query(fmt.Sprintf("SELECT * FROM users WHERE id = '%d'", id))
}
