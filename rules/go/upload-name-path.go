package upload

import (
	"net/http"
	"os"
	"path/filepath"
)

func a(w http.ResponseWriter, r *http.Request) {
	_, header, _ := r.FormFile("photo")
	// ruleid: oreva.go.file-upload.upload-name-path
	_, _ = os.Create("/srv/photos/" + header.Filename)
}

func b(c *gin.Context) {
	file, _ := c.FormFile("photo")
	name := filepath.Join("/srv/photos", file.Filename)
	// ruleid: oreva.go.file-upload.upload-name-path
	_ = c.SaveUploadedFile(file, name)
}

func c(w http.ResponseWriter, r *http.Request) {
	_, header, _ := r.FormFile("photo")
	// ok: oreva.go.file-upload.upload-name-path
	_, _ = os.Create(filepath.Join("/srv/photos", filepath.Base(header.Filename)))
	// ok: oreva.go.file-upload.upload-name-path
	_, _ = os.Create("/srv/photos/1" + filepath.Ext(header.Filename))
}
