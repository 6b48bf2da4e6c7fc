package comments

import (
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

var page = template.Must(template.New("preview").Parse(`<article><h2>{{.Author}}</h2>{{.Body}}</article>`))

type preview struct {
	Author string
	Body   template.HTML
}

func paragraphs(text string) template.HTML {
	var b strings.Builder
	for _, part := range strings.Split(text, "\n\n") {
		b.WriteString("<p>")
		b.WriteString(template.HTMLEscapeString(strings.TrimSpace(part)))
		b.WriteString("</p>")
	}
	return template.HTML(b.String())
}

func Preview(c echo.Context) error {
	text := c.FormValue("text")
	if len(text) > 10000 {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	data := preview{Author: c.FormValue("author"), Body: paragraphs(text)}
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	return page.Execute(c.Response(), data)
}
