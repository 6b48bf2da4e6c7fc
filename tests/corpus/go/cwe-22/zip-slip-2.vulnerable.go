package unpack

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
)

func Extract(src, dest string) error {
	archive, err := zip.OpenReader(src)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		path := filepath.Join(dest, entry.Name)
		in, err := entry.Open()
		if err != nil {
			return err
		}
		out, err := os.Create(path)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(out, in, 1<<20); err != nil && err != io.EOF {
			return err
		}
		out.Close()
		in.Close()
	}
	return nil
}
