package unpack

import (
	"compress/gzip"
	"io"
)

func a(in io.Reader, out io.Writer) {
	reader, _ := gzip.NewReader(in)
	// ruleid: oreva.go.decompression.unbounded-decompression
	_, _ = io.Copy(out, reader)
}

func b(in io.Reader) []byte {
	reader, _ := gzip.NewReader(in)
	// ruleid: oreva.go.decompression.unbounded-decompression
	data, _ := io.ReadAll(reader)
	return data
}

func c(in io.Reader, out io.Writer) {
	reader, _ := gzip.NewReader(in)
	// ok: oreva.go.decompression.unbounded-decompression
	_, _ = io.Copy(out, io.LimitReader(reader, 100<<20))
}

func d(in io.Reader, out io.Writer) {
	// ok: oreva.go.decompression.unbounded-decompression
	_, _ = io.Copy(out, in)
}
