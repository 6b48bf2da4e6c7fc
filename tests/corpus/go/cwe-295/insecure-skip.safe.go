package partner

import (
	"crypto/tls"
	"net/http"
)

func client() *http.Client {
	config := &tls.Config{MinVersion: tls.VersionTLS13}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
}
