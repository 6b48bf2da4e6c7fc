package media

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

type Importer struct {
	client *http.Client
}

func NewImporter() *Importer {
	return &Importer{client: &http.Client{Timeout: 10 * time.Second}}
}

func (i *Importer) fetch(address string) ([]byte, error) {
	response, err := i.client.Get(address)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(io.LimitReader(response.Body, 5<<20))
}

func acceptable(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

func (i *Importer) Handle(c *gin.Context) {
	address := c.PostForm("image")
	if !acceptable(address) {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	data, err := i.fetch(address)
	if err != nil {
		c.AbortWithStatus(http.StatusBadGateway)
		return
	}
	c.JSON(http.StatusOK, gin.H{"bytes": len(data)})
}
