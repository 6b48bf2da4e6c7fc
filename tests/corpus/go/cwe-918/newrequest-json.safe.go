package hooks

import (
	"context"
	"encoding/json"
	"net/http"
)

type hook struct {
	URL  string `json:"url"`
	Kind string `json:"kind"`
}

var known = map[string]string{"chat": "https://chat.example.com/hook"}

func notify(w http.ResponseWriter, r *http.Request) {
	var body hook
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, "bad", http.StatusBadRequest)
		return
	}
	target := known[body.Kind]
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, target, nil)
	if err == nil {
		_, _ = http.DefaultClient.Do(req)
	}
}
