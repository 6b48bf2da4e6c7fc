package client

import (
	"crypto/tls"
	"net/http"
)

func New() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{}
	transport.TLSClientConfig.InsecureSkipVerify = true
	return &http.Client{Transport: transport}
}
