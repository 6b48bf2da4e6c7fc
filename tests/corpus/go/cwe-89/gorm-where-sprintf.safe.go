package users

import (
	"fmt"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

func find(db *gorm.DB) gin.HandlerFunc {
	return func(c *gin.Context) {
		var users []map[string]any
		name := c.Param("name")
		db.Raw("SELECT * FROM users WHERE name = ?", name).Scan(&users)
		c.JSON(200, users)
	}
}
