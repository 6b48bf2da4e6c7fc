package unpack

import (
	"compress/gzip"
	"io"
	"net/http"
)

func unpack(w http.ResponseWriter, r *http.Request) {
	reader, err := gzip.NewReader(r.Body)
	if err != nil {
		return
	}
	data, _ := io.ReadAll(reader)
	_, _ = w.Write(data[:1])
}
