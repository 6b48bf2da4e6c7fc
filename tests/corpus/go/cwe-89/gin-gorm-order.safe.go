package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

type Item struct {
	ID   uint
	Name string
}

var sortable = map[string]string{"name": "name", "age": "created_at"}

type Handler struct{ DB *gorm.DB }

func (h *Handler) List(c *gin.Context) {
	sort, ok := sortable[c.DefaultQuery("sort", "name")]
	if !ok {
		sort = "name"
	}
	var items []Item
	h.DB.Model(&Item{}).Order(sort + " desc").Find(&items)
	c.JSON(http.StatusOK, items)
}
