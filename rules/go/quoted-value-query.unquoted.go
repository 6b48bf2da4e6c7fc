package p

func a(db *sql.DB, id string) error {
	// ruleid: oreva.go.sql-injection.quoted-value-query
	_, err := db.Exec("DELETE FROM users WHERE id = " + id)
	return err
}
func b(db *sql.DB, id int, col, alias string) error {
	// ok: oreva.go.sql-injection.quoted-value-query
	db.Exec("DELETE FROM users WHERE id = " + strconv.Itoa(id))
	// ok: oreva.go.sql-injection.quoted-value-query
	db.Query("SELECT * FROM a JOIN b ON a.id = b.id WHERE a.x = " + alias2(col) )
	// ok: oreva.go.sql-injection.quoted-value-query
	db.Query("SELECT * FROM a WHERE a.id = " + alias + ".id")
	return nil
}
func c(db *sql.DB, x string) error {
	// ok: oreva.go.sql-injection.quoted-value-query
	db.Query("SELECT * FROM a WHERE a.id = " + x + ".id")
	// ruleid: oreva.go.sql-injection.quoted-value-query
	db.Query(fmt.Sprintf("SELECT * FROM a WHERE a.id = %s", x))
	// ok: oreva.go.sql-injection.quoted-value-query
	db.Query(fmt.Sprintf("SELECT * FROM a WHERE id = %s.id", x))
	// ok: oreva.go.sql-injection.quoted-value-query
	db.Query("SELECT * FROM " + x + " WHERE a = ?")
	return nil
}
