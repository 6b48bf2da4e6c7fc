package unpack

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func Extract(src, dest string) error {
	archive, err := zip.OpenReader(src)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		path := filepath.Join(dest, entry.Name)
		if !strings.HasPrefix(path, filepath.Clean(dest)+string(os.PathSeparator)) {
			return fmt.Errorf("illegal path %q", entry.Name)
		}
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
