package notes

import (
	"context"
	"net/http"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

func find(ctx context.Context, notes *mongo.Collection, r *http.Request) (*mongo.Cursor, error) {
	owner := r.FormValue("owner")
	return notes.Find(ctx, bson.M{"$where": "this.owner == '" + owner + "'"})
}
