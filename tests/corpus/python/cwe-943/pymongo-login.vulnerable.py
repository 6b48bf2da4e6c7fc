from flask import Flask, abort, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().app.users


@app.post("/login")
def login():
    body = request.get_json(force=True)
    user = users.find_one({"email": body.get("email"), "reset_token": body.get("token")})
    if user is None:
        abort(401)
    return {"id": str(user["_id"])}
