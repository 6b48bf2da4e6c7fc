from flask import Flask, abort, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().app.users


@app.post("/login")
def login():
    body = request.get_json(force=True)
    email, token = body.get("email"), body.get("token")
    if not isinstance(email, str) or not isinstance(token, str):
        abort(400)
    user = users.find_one({"email": email, "reset_token": token})
    if user is None:
        abort(401)
    return {"id": str(user["_id"])}
