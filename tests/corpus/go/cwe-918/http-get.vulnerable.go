package proxy

import (
	"io"
	"net/http"
	"strings"
)

func Image(w http.ResponseWriter, r *http.Request) {
	src := r.URL.Query().Get("src")
	if !strings.HasPrefix(src, "http") {
		http.Error(w, "bad source", http.StatusBadRequest)
		return
	}
	resp, err := http.Get(src)
	if err != nil {
		http.Error(w, "upstream", http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.Header().Set("Content-Type", "image/png")
	io.Copy(w, io.LimitReader(resp.Body, 1<<20))
}
