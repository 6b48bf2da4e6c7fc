package employees

import (
	"net/http"
	"regexp"

	"github.com/antchfx/xmlquery"
)

var word = regexp.MustCompile(`^\w+$`)

func salary(doc *xmlquery.Node, r *http.Request) *xmlquery.Node {
	name := r.FormValue("name")
	if !word.MatchString(name) {
		return nil
	}
	return xmlquery.FindOne(doc, "//employee[name='"+name+"']/salary")
}
