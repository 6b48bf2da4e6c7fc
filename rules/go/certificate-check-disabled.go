package client

import (
	"crypto/tls"
	"net/http"
)

// ruleid: oreva.go.tls-verification.certificate-check-disabled
var transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}

func open(config *tls.Config) {
	// ruleid: oreva.go.tls-verification.certificate-check-disabled
	config.InsecureSkipVerify = true
}

func chosen(config *tls.Config, options Options) {
	if options.InsecureSkipVerify {
		// ok: oreva.go.tls-verification.certificate-check-disabled
		config.InsecureSkipVerify = true
	}
}

func safe(pool *x509.CertPool, insecure bool) []*tls.Config {
	// ok: oreva.go.tls-verification.certificate-check-disabled
	careful := &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	// ok: oreva.go.tls-verification.certificate-check-disabled
	explicit := &tls.Config{InsecureSkipVerify: false}
	// ok: oreva.go.tls-verification.certificate-check-disabled
	pinned := &tls.Config{InsecureSkipVerify: true, VerifyPeerCertificate: checkPin}
	// ok: oreva.go.tls-verification.certificate-check-disabled
	chosen := &tls.Config{InsecureSkipVerify: insecure}
	return []*tls.Config{careful, explicit, pinned, chosen}
}
