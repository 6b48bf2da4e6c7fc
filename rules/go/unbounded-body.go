package upload

import (
	"io"
	"net/http"
)

func a(w http.ResponseWriter, r *http.Request) {
	// ruleid: oreva.go.resource-limits.unbounded-body
	data, err := io.ReadAll(r.Body)
	_, _ = data, err
}

func b(w http.ResponseWriter, request *http.Request) {
	// ruleid: oreva.go.resource-limits.unbounded-body
	data, _ := io.ReadAll(request.Body)
	_ = data
}

func c(w http.ResponseWriter, r *http.Request) {
	// ok: oreva.go.resource-limits.unbounded-body
	data, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	_ = data
}

func d(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	// ok: oreva.go.resource-limits.unbounded-body
	data, _ := io.ReadAll(r.Body)
	_ = data
}
