package login

import "github.com/gin-gonic/gin"

func done(c *gin.Context) {
	next := c.Query("next")
	if next != "/orders" {
		next = "/"
	}
	c.Redirect(302, next)
}
