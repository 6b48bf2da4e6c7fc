package photos

import (
	"io"
	"net/http"
	"os"

	"github.com/google/uuid"
)

func upload(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("photo")
	if err != nil {
		return
	}
	_ = header.Size
	out, err := os.Create("/srv/photos/" + header.Filename)
	if err == nil {
		_, _ = io.Copy(out, file)
	}
}
