package tools

import (
	"context"
	"net/http"
	"os/exec"
	"time"

	"github.com/gin-gonic/gin"
)

type lookupRequest struct {
	Domain string `json:"domain" binding:"required"`
	Server string `json:"server"`
}

func buildCommand(ctx context.Context, r lookupRequest) *exec.Cmd {
	line := "whois "
	if r.Server != "" {
		line += "-h " + r.Server + " "
	}
	return exec.CommandContext(ctx, "sh", "-c", line+r.Domain+" | head -n 40")
}

func Lookup(c *gin.Context) {
	var request lookupRequest
	if err := c.ShouldBindJSON(&request); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": "invalid request"})
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), 10*time.Second)
	defer cancel()
	out, err := buildCommand(ctx, request).Output()
	if err != nil {
		c.JSON(http.StatusBadGateway, gin.H{"error": "lookup failed"})
		return
	}
	c.JSON(http.StatusOK, gin.H{"result": string(out)})
}
