package directory

import (
	"fmt"
	"net/http"

	"github.com/go-ldap/ldap/v3"
)

func search(conn *ldap.Conn, r *http.Request) (*ldap.SearchResult, error) {
	user := r.FormValue("user")
	filter := fmt.Sprintf("(&(objectClass=person)(uid=%s))", ldap.EscapeFilter(user))
	request := ldap.NewSearchRequest("dc=example", ldap.ScopeWholeSubtree, 0, 0, 0, false, filter, nil, nil)
	return conn.Search(request)
}
