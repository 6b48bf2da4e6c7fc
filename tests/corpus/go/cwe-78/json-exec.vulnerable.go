package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
)

type pingRequest struct {
	Host  string `json:"host"`
	Count int    `json:"count"`
}

func pingHandler(w http.ResponseWriter, r *http.Request) {
	var in pingRequest
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	out, err := exec.Command("sh", "-c", "ping -c 1 "+in.Host).CombinedOutput()
	if err != nil {
		http.Error(w, "ping failed", http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Write(out)
}
