package store

import (
	"database/sql"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

var allowedColumns = map[string]bool{"name": true, "age": true}
var columns = map[string]string{"name": "u.name"}

func list(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ruleid: oreva.go.sql-injection.sql-query-taint
	rows, err := db.Query("SELECT * FROM users WHERE name = '" + name + "'")
	query := fmt.Sprintf("SELECT * FROM users WHERE city = '%s'", r.FormValue("city"))
	// ruleid: oreva.go.sql-injection.sql-query-taint
	row := db.QueryRowContext(r.Context(), query)
	var text strings.Builder
	text.WriteString("DELETE FROM users WHERE id = ")
	text.WriteString(r.PathValue("id"))
	// ruleid: oreva.go.sql-injection.sql-query-taint
	_, err = tx.Exec(text.String())
	fmt.Println(rows, row, err)
}

func search(c *gin.Context) {
	var filter Filter
	if err := c.ShouldBindJSON(&filter); err != nil {
		return
	}
	// ruleid: oreva.go.sql-injection.sql-query-taint
	s.db.Raw("SELECT * FROM items WHERE owner = '" + filter.Owner + "'").Scan(&items)
	where := []string{"1 = 1"}
	where = append(where, "kind = '"+c.Query("kind")+"'")
	// ruleid: oreva.go.sql-injection.sql-query-taint
	rows, _ := pool.Query(ctx, "SELECT * FROM items WHERE "+strings.Join(where, " AND "))
	rows.Close()
}

func safe(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	// ok: oreva.go.sql-injection.sql-query-taint
	rows, err := db.Query("SELECT * FROM users WHERE name = $1", name)
	id, err := strconv.Atoi(r.FormValue("id"))
	// ok: oreva.go.sql-injection.sql-query-taint
	row := db.QueryRow(fmt.Sprintf("SELECT * FROM users WHERE id = %d", id))
	sort := r.FormValue("sort")
	if !allowedColumns[sort] {
		return
	}
	// ok: oreva.go.sql-injection.sql-query-taint
	rows, err = db.Query("SELECT * FROM users ORDER BY " + sort)
	// ok: oreva.go.sql-injection.sql-query-taint
	rows, err = db.Query("SELECT * FROM users ORDER BY " + columns[r.FormValue("sort")])
	// ok: oreva.go.sql-injection.sql-query-taint
	values := r.URL.Query()
	fmt.Println(rows, row, err, values)
}
