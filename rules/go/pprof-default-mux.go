package main

import (
	"net/http"
	_ "net/http/pprof"
)

func a() {
	// ruleid: oreva.go.debug-endpoint.pprof-default-mux
	_ = http.ListenAndServe(":8080", nil)
	// ruleid: oreva.go.debug-endpoint.pprof-default-mux
	_ = http.ListenAndServeTLS("0.0.0.0:8443", "cert.pem", "key.pem", nil)
	// ok: oreva.go.debug-endpoint.pprof-default-mux
	_ = http.ListenAndServe("localhost:6060", nil)
	// ok: oreva.go.debug-endpoint.pprof-default-mux
	_ = http.ListenAndServe(":8080", http.NewServeMux())
}
