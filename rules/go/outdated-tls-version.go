package server

import "crypto/tls"

func open(config *tls.Config) *tls.Config {
	// ruleid: oreva.go.tls-version.outdated-tls-version
	config.MinVersion = tls.VersionTLS10
	// ruleid: oreva.go.tls-version.outdated-tls-version
	return &tls.Config{ServerName: "api", MinVersion: tls.VersionTLS11}
}

func safe(config *tls.Config) *tls.Config {
	// ok: oreva.go.tls-version.outdated-tls-version
	config.MinVersion = tls.VersionTLS13
	// ok: oreva.go.tls-version.outdated-tls-version
	other := &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS13}
	// ok: oreva.go.tls-version.outdated-tls-version
	logVersion(tls.VersionTLS10)
	return other
}
