package employees

import (
	"net/http"
	"regexp"

	"github.com/antchfx/xmlquery"
)

var word = regexp.MustCompile(`^\w+$`)

func salary(doc *xmlquery.Node, r *http.Request) *xmlquery.Node {
	name := r.FormValue("name")
	return xmlquery.FindOne(doc, "//employee[name='"+name+"']/salary")
}
