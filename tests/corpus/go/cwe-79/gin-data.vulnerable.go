package search

import (
	"html"

	"github.com/gin-gonic/gin"
)

func notFound(c *gin.Context) {
	term := c.DefaultQuery("q", "")
	body := "<p>Nothing found for " + term + "</p>"
	c.Data(404, "text/html", []byte(body))
}
