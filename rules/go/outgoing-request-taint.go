package proxy

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
)

var hosts = map[string]string{"eu": "eu.api.example.com"}

func fetch(w http.ResponseWriter, r *http.Request) {
	target := r.URL.Query().Get("url")
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	resp, err := http.Get(target)
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	req, err := http.NewRequest("GET", fmt.Sprintf("https://%s/status", r.FormValue("host")), nil)
	fmt.Println(resp, req, err)
}

func hook(c *gin.Context) {
	var body Hook
	if err := c.BindJSON(&body); err != nil {
		return
	}
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	httpClient.Post(body.Callback, "application/json", nil)
}

func safe(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("id")
	// ok: oreva.go.ssrf.outgoing-request-taint
	resp, err := http.Get("https://api.example.com/items/" + id)
	// ok: oreva.go.ssrf.outgoing-request-taint
	resp, err = http.Get(fmt.Sprintf("https://api.example.com/items/%s", id))
	// ok: oreva.go.ssrf.outgoing-request-taint
	resp, err = http.Get("https://" + hosts[r.FormValue("region")] + "/status")
	// ok: oreva.go.ssrf.outgoing-request-taint
	req, err := http.NewRequest("POST", serviceURL+"/items", r.Body)
	target := r.FormValue("url")
	if err := checkAllowedHost(target); err != nil {
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	resp, err = http.Get(target)
	// ok: oreva.go.ssrf.outgoing-request-taint
	req, err = http.NewRequestWithContext(r.Context(), "GET", fmt.Sprintf("%s/items/%s", s.baseURL, id), nil)
	fmt.Println(resp, req, err, url.PathEscape(id))
}
