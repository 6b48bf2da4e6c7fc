package hooks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

type Subscription struct {
	Callback string          `json:"callback"`
	Payload  json.RawMessage `json:"payload"`
}

type Notifier struct {
	client *http.Client
}

func New() *Notifier {
	return &Notifier{client: &http.Client{Timeout: 5 * time.Second}}
}

func (n *Notifier) Test(w http.ResponseWriter, r *http.Request) {
	var sub Subscription
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&sub); err != nil {
		http.Error(w, "bad json", http.StatusBadRequest)
		return
	}
	out, err := http.NewRequestWithContext(r.Context(), http.MethodPost, sub.Callback, bytes.NewReader(sub.Payload))
	if err != nil {
		http.Error(w, "bad callback", http.StatusBadRequest)
		return
	}
	resp, err := n.client.Do(out)
	if err != nil {
		http.Error(w, "unreachable", http.StatusBadGateway)
		return
	}
	resp.Body.Close()
}
