package main

import (
	"encoding/json"
	"net"
	"net/http"
	"os/exec"
)

type pingRequest struct {
	Host  string `json:"host"`
	Count int    `json:"count"`
}

func pingHandler(w http.ResponseWriter, r *http.Request) {
	var in pingRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&in); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	ip := net.ParseIP(in.Host)
	if ip == nil {
		http.Error(w, "bad host", http.StatusBadRequest)
		return
	}
	out, err := exec.Command("ping", "-c", "1", ip.String()).CombinedOutput()
	if err != nil {
		http.Error(w, "ping failed", http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Write(out)
}
