package proxy

import (
	"io"
	"net/http"
	"net/url"
)

var allowedHosts = map[string]bool{"img.example.com": true, "cdn.example.com": true}

func Image(w http.ResponseWriter, r *http.Request) {
	src, err := url.Parse(r.URL.Query().Get("src"))
	if err != nil || src.Scheme != "https" || !allowedHosts[src.Host] {
		http.Error(w, "bad source", http.StatusBadRequest)
		return
	}
	resp, err := http.Get(src.String())
	if err != nil {
		http.Error(w, "upstream", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.Header().Set("Content-Type", "image/png")
	io.Copy(w, io.LimitReader(resp.Body, 1<<20))
}
