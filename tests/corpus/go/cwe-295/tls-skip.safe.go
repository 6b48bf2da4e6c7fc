package client

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
)

func New(pool *x509.CertPool) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	transport.TLSClientConfig.RootCAs = pool
	return &http.Client{Transport: transport}
}
