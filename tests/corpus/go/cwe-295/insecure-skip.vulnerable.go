package partner

import (
	"crypto/tls"
	"net/http"
)

func client() *http.Client {
	config := &tls.Config{InsecureSkipVerify: true}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
}
