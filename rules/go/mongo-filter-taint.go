package notes

import (
	"net/http"

	"go.mongodb.org/mongo-driver/bson"
)

func a(r *http.Request) any {
	// ruleid: oreva.go.nosql-injection.mongo-filter-taint
	return bson.M{"$where": "this.owner == '" + r.FormValue("owner") + "'"}
}

func b(r *http.Request, out *bson.M) error {
	text := r.URL.Query().Get("filter")
	// ruleid: oreva.go.nosql-injection.mongo-filter-taint
	return bson.UnmarshalExtJSON([]byte(text), false, out)
}

func c(r *http.Request) any {
	// ok: oreva.go.nosql-injection.mongo-filter-taint
	return bson.M{"owner": r.FormValue("owner")}
}

func d(out *bson.M) error {
	// ok: oreva.go.nosql-injection.mongo-filter-taint
	return bson.UnmarshalExtJSON([]byte("{}"), false, out)
}
