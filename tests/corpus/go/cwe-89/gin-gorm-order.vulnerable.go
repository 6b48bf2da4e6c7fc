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

type Handler struct{ DB *gorm.DB }

func (h *Handler) List(c *gin.Context) {
	sort := c.DefaultQuery("sort", "name")
	var items []Item
	h.DB.Model(&Item{}).Order(sort + " desc").Find(&items)
	c.JSON(http.StatusOK, items)
}
