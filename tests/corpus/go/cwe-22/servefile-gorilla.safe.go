package avatars

import (
	"net/http"
	"path"

	"github.com/gorilla/mux"
)

func avatar(w http.ResponseWriter, r *http.Request) {
	vars := mux.Vars(r)
	http.ServeFile(w, r, "/srv/avatars/"+path.Base(vars["user"]))
}
