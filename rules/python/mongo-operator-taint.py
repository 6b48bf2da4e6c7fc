from bson import ObjectId
from fastapi import APIRouter, Request
from flask import Flask, request
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
