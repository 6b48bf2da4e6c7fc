package hooks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

type Subscription struct {
	Target  string          `json:"target"`
	Payload json.RawMessage `json:"payload"`
}

type Notifier struct {
	client  *http.Client
	targets map[string]string
}

func New() *Notifier {
	return &Notifier{
		client:  &http.Client{Timeout: 5 * time.Second},
		targets: map[string]string{"billing": "https://billing.internal/hook"},
	}
}

func (n *Notifier) Test(w http.ResponseWriter, r *http.Request) {
	var sub Subscription
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&sub); err != nil {
		http.Error(w, "bad json", http.StatusBadRequest)
		return
	}
	callback, ok := n.targets[sub.Target]
	if !ok {
		http.Error(w, "unknown target", http.StatusBadRequest)
		return
	}
	out, err := http.NewRequestWithContext(r.Context(), http.MethodPost, callback, bytes.NewReader(sub.Payload))
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
