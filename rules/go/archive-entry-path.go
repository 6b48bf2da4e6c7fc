package unpack

import (
	"archive/tar"
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func unzip(archive *zip.Reader, target string) error {
	for _, entry := range archive.File {
		file := filepath.Join(target, entry.Name)
		// ruleid: oreva.go.zip-slip.archive-entry-path
		out, err := os.Create(file)
		if err != nil {
			return err
		}
		out.Close()
	}
	return nil
}

func untar(reader *tar.Reader, target string) error {
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return nil
		}
		// ruleid: oreva.go.zip-slip.archive-entry-path
		if err := os.MkdirAll(target+"/"+header.Name, 0o755); err != nil {
			return err
		}
	}
}

func safe(archive *zip.Reader, target string) error {
	for _, entry := range archive.File {
		if !filepath.IsLocal(entry.Name) {
			return os.ErrInvalid
		}
		// ok: oreva.go.zip-slip.archive-entry-path
		os.Create(filepath.Join(target, entry.Name))
	}
	for _, entry := range archive.File {
		file := filepath.Join(target, entry.Name)
		if !strings.HasPrefix(file, filepath.Clean(target)+string(os.PathSeparator)) {
			return os.ErrInvalid
		}
		// ok: oreva.go.zip-slip.archive-entry-path
		os.Create(file)
	}
	return nil
}
