package keys

import "os"

func a(path string, key []byte) {
	// ruleid: oreva.go.file-permissions.world-writable-mode
	_ = os.WriteFile(path, key, 0666)
	// ruleid: oreva.go.file-permissions.world-writable-mode
	_ = os.MkdirAll(path, 0o777)
	// ruleid: oreva.go.file-permissions.world-writable-mode
	_ = os.Chmod(path, os.ModePerm)
	// ok: oreva.go.file-permissions.world-writable-mode
	_ = os.WriteFile(path, key, 0o600)
	// ok: oreva.go.file-permissions.world-writable-mode
	_ = os.MkdirAll(path, 0755)
}
