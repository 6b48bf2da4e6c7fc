package shops

import (
	"database/sql"

	"github.com/gin-gonic/gin"
)

func Search(db *sql.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		term := c.Query("term")
		where := "name LIKE '%"
		where += "' || $1"
		row := db.QueryRow("SELECT count(*) FROM shops WHERE "+where, term)
		var n int
		_ = row.Scan(&n)
		c.JSON(200, gin.H{"count": n})
	}
}
