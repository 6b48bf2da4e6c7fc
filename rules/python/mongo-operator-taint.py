from bson import ObjectId
from fastapi import APIRouter, Request
from flask import Flask, abort, request
from pymongo import MongoClient

app = Flask(__name__)
router = APIRouter()
db = MongoClient().shop


@app.post("/login")
def login():
    body = request.get_json()
    # ruleid: oreva.python.nosql-injection.mongo-operator-taint
    user = db.users.find_one({"name": body["name"], "password": body["password"]})
    return {"ok": user is not None}


@app.post("/search")
def search():
    # ruleid: oreva.python.nosql-injection.mongo-operator-taint
    return {"items": list(db.items.find(request.json["filter"]))}


@router.post("/remove")
async def remove(request: Request):
    body = await request.json()
    # ruleid: oreva.python.nosql-injection.mongo-operator-taint
    return await db.items.delete_many({"owner": body["owner"]})


@app.post("/safe-string")
def safe_string():
    body = request.get_json()
    # ok: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"name": str(body["name"])}) is not None}


@app.post("/safe-id")
def safe_id():
    # ok: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"_id": ObjectId(request.json["id"])}) is not None}


@app.get("/safe-query-string")
def safe_query_string():
    # ok: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"name": request.args["name"]}) is not None}


@app.post("/safe-text-find")
def safe_text_find():
    # ok: oreva.python.nosql-injection.mongo-operator-taint
    return {"position": "haystack".find(request.json["needle"])}


@app.post("/safe-type")
def safe_type():
    body = request.get_json(force=True)
    email, token = body.get("email"), body.get("token")
    if not isinstance(email, str) or not isinstance(token, str):
        abort(400)
    # ok: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"email": email, "token": token}) is not None}


@app.post("/safe-type-alone")
def safe_type_alone():
    name = request.get_json().get("name")
    if not isinstance(name, str):
        return {"error": "name"}, 400
    # ok: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"name": name}) is not None}


@app.post("/safe-types")
def safe_types():
    name = request.get_json().get("name")
    if isinstance(name, (str, int)) and name:
        # ok: oreva.python.nosql-injection.mongo-operator-taint
        return {"ok": db.users.find_one({"name": name}) is not None}
    return {"error": "name"}, 400


@app.post("/safe-all-types")
def safe_all_types():
    body = request.get_json()
    name, code = body.get("name"), body.get("code")
    if not all(isinstance(value, str) for value in (name, code)):
        abort(400)
    # ok: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"name": name, "code": code}) is not None}


@app.post("/other-type")
def other_type():
    name, code = request.json["name"], request.json["code"]
    if not isinstance(name, (str, dict)) or not isinstance(code, str):
        abort(400)
    # ruleid: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"name": name}) is not None}


@app.post("/type-of-the-other")
def type_of_the_other():
    name, code = request.json["name"], request.json["code"]
    if not isinstance(code, str):
        abort(400)
    # ruleid: oreva.python.nosql-injection.mongo-operator-taint
    return {"ok": db.users.find_one({"name": name, "code": code}) is not None}
