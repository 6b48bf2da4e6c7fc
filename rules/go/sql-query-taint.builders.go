package p

func buildBad(values url.Values) (string, []any) {
	parts := []string{}
	args := []any{}
	for key := range values {
		parts = append(parts, key+" = ?")
		args = append(args, values.Get(key))
	}
	return strings.Join(parts, " AND "), args
}

func buildSort(values url.Values) (string, []any) {
	parts := []string{}
	args := []any{}
	if values.Has("name") {
		parts = append(parts, "name = ?")
		args = append(args, values.Get("name"))
	}
	return strings.Join(parts, " AND ") + " ORDER BY " + values.Get("sort"), args
}

func buildRaw(values url.Values) (string, []any) {
	parts := []string{}
	args := []any{}
	parts = append(parts, "name = ?")
	parts = append(parts, values.Get("x"))
	args = append(args, values.Get("name"))
	return strings.Join(parts, " AND "), args
}

func buildOK(values url.Values) (string, []any) {
	parts := []string{"true"}
	args := []any{}
	if v := values.Get("name"); v != "" {
		args = append(args, v)
		parts = append(parts, fmt.Sprintf("name = $%d", len(args)))
	}
	return strings.Join(parts, " AND "), args
}

func buildText(values url.Values) (string, []interface{}) {
	text := " WHERE 1 = 1"
	args := []interface{}{}
	if v := values.Get("name"); v != "" {
		args = append(args, v)
		text += " AND name = ?"
	}
	return text, args
}

func h(w http.ResponseWriter, r *http.Request) {
	where, args := buildBad(r.URL.Query())
	// ruleid: oreva.go.sql-injection.sql-query-taint
	db.Query("SELECT * FROM t WHERE "+where, args...)
	where, args = buildSort(r.URL.Query())
	// ruleid: oreva.go.sql-injection.sql-query-taint
	db.Query("SELECT * FROM t WHERE "+where, args...)
	where, args = buildRaw(r.URL.Query())
	// ruleid: oreva.go.sql-injection.sql-query-taint
	db.Query("SELECT * FROM t WHERE "+where, args...)
	w2, a2 := buildOK(r.URL.Query())
	// ok: oreva.go.sql-injection.sql-query-taint
	db.Query("SELECT * FROM t WHERE "+w2, a2...)
	w3, a3 := buildText(r.URL.Query())
	// todook: oreva.go.sql-injection.sql-query-taint
	db.Query("SELECT * FROM t"+w3, a3...)
	q, a, err := sq.Select("*").From("t").Where(sq.Eq{"n": r.FormValue("n")}).ToSql()
	// ok: oreva.go.sql-injection.sql-query-taint
	db.Query(q, a...)
	q2, a4, err := sqlx.In("SELECT * FROM t WHERE id IN (?)", strings.Split(r.FormValue("ids"), ","))
	// ok: oreva.go.sql-injection.sql-query-taint
	db.Select(&rows, db.Rebind(q2), a4...)
	q5, a5, err := sqlx.In("SELECT * FROM "+r.FormValue("t")+" WHERE id IN (?)", ids)
	// ruleid: oreva.go.sql-injection.sql-query-taint
	db.Select(&rows, db.Rebind(q5), a5...)
	// ruleid: oreva.go.sql-injection.sql-query-taint
	db.Raw("SELECT * FROM t WHERE n = '" + r.FormValue("n") + "'").Scan(&x)
	// ok: oreva.go.sql-injection.sql-query-taint
	db.Where("n = ?", r.FormValue("n")).Find(&x)
	// ruleid: oreva.go.sql-injection.sql-query-taint
	db.QueryRowContext(r.Context(), fmt.Sprintf("SELECT * FROM t ORDER BY %s", r.FormValue("s")))
	// ruleid: oreva.go.sql-injection.sql-query-taint
	repo.db.NamedExecContext(r.Context(), "UPDATE t SET n = "+r.FormValue("n"), m)
	// ruleid: oreva.go.sql-injection.sql-query-taint
	s.pool.Query(ctx, "SELECT * FROM t WHERE n = "+r.FormValue("n"))
}
