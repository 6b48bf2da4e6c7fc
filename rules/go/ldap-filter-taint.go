package directory

import (
	"fmt"
	"net/http"

	"github.com/go-ldap/ldap/v3"
)

func a(r *http.Request) {
	filter := "(uid=" + r.FormValue("user") + ")"
	// ruleid: oreva.go.ldap-injection.ldap-filter-taint
	_ = ldap.NewSearchRequest("dc=example", 2, 0, 0, 0, false, filter, nil, nil)
	// ruleid: oreva.go.ldap-injection.ldap-filter-taint
	_, _ = ldap.CompileFilter(fmt.Sprintf("(cn=%s)", r.FormValue("name")))
}

func b(r *http.Request) {
	filter := "(uid=" + ldap.EscapeFilter(r.FormValue("user")) + ")"
	// ok: oreva.go.ldap-injection.ldap-filter-taint
	_ = ldap.NewSearchRequest("dc=example", 2, 0, 0, 0, false, filter, nil, nil)
	// ok: oreva.go.ldap-injection.ldap-filter-taint
	_, _ = ldap.CompileFilter("(cn=*)")
}
