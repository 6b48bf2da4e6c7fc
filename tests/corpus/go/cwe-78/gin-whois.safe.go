package tools

import (
	"context"
	"net/http"
	"os/exec"
	"regexp"
	"time"

	"github.com/gin-gonic/gin"
)

type lookupRequest struct {
	Domain string `json:"domain" binding:"required"`
	Server string `json:"server"`
}

var hostname = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,252}$`)

func buildCommand(ctx context.Context, r lookupRequest) *exec.Cmd {
	args := []string{}
	if r.Server != "" {
		args = append(args, "-h", r.Server)
	}
	return exec.CommandContext(ctx, "whois", append(args, r.Domain)...)
}

func Lookup(c *gin.Context) {
	var request lookupRequest
	if err := c.ShouldBindJSON(&request); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": "invalid request"})
		return
	}
	if !hostname.MatchString(request.Domain) || (request.Server != "" && !hostname.MatchString(request.Server)) {
		c.JSON(http.StatusBadRequest, gin.H{"error": "invalid host name"})
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
