package plugins

import (
	"archive/tar"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

const maxFile = 8 << 20

func writeEntry(path string, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(file, io.LimitReader(r, maxFile))
	return err
}

func install(body io.Reader, directory string) error {
	archive := tar.NewReader(body)
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := writeEntry(filepath.Join(directory, header.Name), archive); err != nil {
			return err
		}
	}
}

func Upload(w http.ResponseWriter, r *http.Request) {
	if err := install(r.Body, "/var/lib/app/plugins"); err != nil {
		http.Error(w, "plugin could not be installed", http.StatusUnprocessableEntity)
	}
}
