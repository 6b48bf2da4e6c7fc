package report

import (
	"context"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
)

func report(ctx context.Context, conn *pgx.Conn, r *http.Request) error {
	conditions := []string{"active"}
	values := []any{}
	if region := r.FormValue("region"); region != "" {
		conditions = append(conditions, "region = '"+region+"'")
	}
	rows, err := conn.Query(ctx, "SELECT id FROM sales WHERE "+strings.Join(conditions, " AND "), values...)
	if err == nil {
		rows.Close()
	}
	return err
}
