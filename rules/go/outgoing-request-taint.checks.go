package p

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/labstack/echo/v4"
	"github.com/go-chi/chi/v5"
)

var allowedHosts = map[string]bool{"a": true}
var mirrors = map[string]struct{}{"a": {}}
var hostList = []string{"a.example.com"}

const apiBase = "https://api.example.com"

type S struct {
	baseURL string
	client  *http.Client
	cfg     struct{ Upstream string }
}

func (s *S) ok1(w http.ResponseWriter, r *http.Request) {
	id := r.FormValue("id")
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(s.baseURL + "/items/" + id)
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(fmt.Sprintf("%s/items/%s", s.cfg.Upstream, id))
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(apiBase + "/items/" + url.PathEscape(id) + "/x")
	// ok: oreva.go.ssrf.outgoing-request-taint
	s.client.Get(fmt.Sprintf("%s/items/%s?x=%s", apiBase, id, r.FormValue("q")))
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.NewRequest("GET", s.cfg.Upstream+r.URL.Path, nil)
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.NewRequest("GET", "http://"+s.cfg.Upstream+"/x?"+r.URL.RawQuery, nil)
}

func bad1(w http.ResponseWriter, r *http.Request) {
	host := r.FormValue("host")
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(host + "/status")
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get("https://" + host + "/status/" + apiBase)
	baseURL := r.FormValue("base")
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(baseURL + "/items/" + "5")
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(fmt.Sprintf("%s/status", baseURL))
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(fmt.Sprintf("%s/items/%d", baseURL, 5))
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(fmt.Sprintf("http://%s:%s/items", host, r.FormValue("port")))
	path := strings.TrimPrefix(r.URL.Path, "/proxy/")
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(path)
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get("http://" + path)
}

func okParse(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil {
		return
	}
	if _, ok := mirrors[u.Host]; !ok {
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(u.String())
}

func okParse2(w http.ResponseWriter, r *http.Request) {
	raw := r.FormValue("u")
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" {
		return
	}
	if !slices.Contains(hostList, u.Hostname()) {
		http.Error(w, "no", 400)
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(raw)
}

func okSwitch(w http.ResponseWriter, r *http.Request) {
	raw := r.FormValue("u")
	u, err := url.Parse(raw)
	if err != nil {
		return
	}
	switch u.Host {
	case "a.example.com", "b.example.com":
	default:
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(raw)
}

func okSwitch2(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil {
		return
	}
	switch strings.ToLower(u.Hostname()) {
	case "a.example.com", "b.example.com":
		// ok: oreva.go.ssrf.outgoing-request-taint
		resp, err := http.Get(u.String())
		_ = resp
		_ = err
	default:
		return
	}
}

func okConst(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil || u.Host != "api.example.com" {
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	req, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, u.String(), nil)
	_ = req
}

func okSuffix(c *gin.Context) {
	u, err := url.ParseRequestURI(c.Query("u"))
	if err != nil || !strings.HasSuffix(u.Hostname(), ".example.com") {
		c.Status(400)
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(u.String())
}

func okHostVar(c echo.Context) error {
	raw := c.QueryParam("u")
	u, err := url.Parse(raw)
	if err != nil {
		return err
	}
	host := u.Hostname()
	if !allowedHosts[host] {
		return echo.ErrForbidden
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	resp, err := http.Get(raw)
	_ = resp
	return err
}

func okFn(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil || !isAllowedHost(u.Hostname()) {
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(u.String())
}

func badScheme(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return
	}
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(u.String())
}

func badChi(w http.ResponseWriter, r *http.Request) {
	region := chi.URLParam(r, "region")
	u := url.URL{Scheme: "https", Host: region + ".internal", Path: "/x"}
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(u.String())
}

func badPrefix(w http.ResponseWriter, r *http.Request) {
	src := r.URL.Query().Get("src")
	if !strings.HasPrefix(src, "https://cdn.example.com") {
		return
	}
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(src)
}

func okPrefix(w http.ResponseWriter, r *http.Request) {
	src := r.URL.Query().Get("src")
	if !strings.HasPrefix(src, "https://cdn.example.com/") {
		return
	}
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(src)
}

func okHostSet(w http.ResponseWriter, r *http.Request) {
	u := *r.URL
	u.Scheme = "http"
	u.Host = "backend:8080"
	// ok: oreva.go.ssrf.outgoing-request-taint
	req, _ := http.NewRequest(r.Method, u.String(), r.Body)
	_ = req
	v := r.URL
	v.Host = upstream.Host
	// ok: oreva.go.ssrf.outgoing-request-taint
	req, _ = http.NewRequest(r.Method, v.String(), r.Body)
}

func badHostSet(w http.ResponseWriter, r *http.Request) {
	u, _ := url.Parse("http://x/")
	u.Host = r.FormValue("host")
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	http.Get(u.String())
}

func (s *S) do(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	// ruleid: oreva.go.ssrf.outgoing-request-taint
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.FormValue("callback"), nil)
	if err != nil {
		return
	}
	resp, _ := s.client.Do(req)
	io.Copy(w, resp.Body)
}

func okQuery(w http.ResponseWriter, r *http.Request) {
	u, _ := url.Parse("https://api.example.com/search")
	q := u.Query()
	q.Set("q", r.FormValue("q"))
	u.RawQuery = q.Encode()
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(u.String())
	params := url.Values{"q": {r.FormValue("q")}}
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get("https://api.example.com/?" + params.Encode())
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(apiBase + "?" + params.Encode())
	// ok: oreva.go.ssrf.outgoing-request-taint
	http.Get(base.JoinPath("items", r.FormValue("id")).String())
}
