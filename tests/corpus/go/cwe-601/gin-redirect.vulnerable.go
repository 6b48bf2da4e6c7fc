package login

import "github.com/gin-gonic/gin"

func done(c *gin.Context) {
	next := c.Query("next")
	c.Redirect(302, next)
}
