from bson.code import Code
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
db = MongoClient().shop


@app.route("/user")
def user():
    name = request.args["name"]
    # ruleid: oreva.python.nosql-injection.mongo-where-taint
    return str(db.users.find_one({"$where": "this.name == '" + name + "'"}))


def cheap(request):
    # ruleid: oreva.python.nosql-injection.mongo-where-taint
    return list(db.items.find().where(f"this.price < {request.GET['price']}"))


def reduce(request):
    # ruleid: oreva.python.nosql-injection.mongo-where-taint
    return db.items.map_reduce(Code("function() { emit(this.%s, 1) }" % request.GET["field"]), "x", "y")


@app.route("/safe-operator")
def safe_operator():
    # ok: oreva.python.nosql-injection.mongo-where-taint
    return str(db.users.find_one({"name": {"$eq": request.args["name"]}}))


def safe_number(request):
    # ok: oreva.python.nosql-injection.mongo-where-taint
    return list(db.items.find({"$where": f"this.price < {int(request.GET['price'])}"}))
