import sqlite3

import pandas as pd
from django.db import connection
from fastapi import Depends, FastAPI
from flask import Flask, abort, request
from psycopg2 import sql
from sqlalchemy import select, text

app = Flask(__name__)
api = FastAPI()
STATEMENTS = {"a": "SELECT 1", "b": "SELECT 2"}


@app.route("/user")
def user():
    db = sqlite3.connect("app.db")
    name = request.args["name"]
    # ruleid: oreva.python.sql-injection.dbapi-execute-taint
    row = db.execute("SELECT * FROM users WHERE name = '" + name + "'").fetchone()
    return {"row": row}


@app.route("/report")
def report():
    parts = ["SELECT * FROM orders WHERE 1 = 1"]
    if request.form.get("state"):
        parts.append("AND state = '%s'" % request.form["state"])
    query = " ".join(parts)
    with connection.cursor() as c:
        # ruleid: oreva.python.sql-injection.dbapi-execute-taint
        c.execute(query)
        return {"rows": c.fetchall()}


@api.get("/items/{item}")
async def item(item: str, limit: int = 10, pool=Depends(lambda: None)):
    async with pool.acquire() as conn:
        # ruleid: oreva.python.sql-injection.dbapi-execute-taint
        return await conn.fetch(f"SELECT * FROM items WHERE name = '{item}' LIMIT {limit}")


def lambda_handler(event, context):
    statement = "DELETE FROM jobs WHERE id = {}".format(event["queryStringParameters"]["id"])
    cur = sqlite3.connect("jobs.db").cursor()
    # ruleid: oreva.python.sql-injection.dbapi-execute-taint
    cur.execute(statement)
    return {"statusCode": 204}


def frame(request):
    # ruleid: oreva.python.sql-injection.dbapi-execute-taint
    return pd.read_sql(f"SELECT * FROM t WHERE k = {request.GET['k']}", connection)


@app.route("/safe-parameters")
def safe_parameters():
    db = sqlite3.connect("app.db")
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    return {"row": db.execute("SELECT * FROM users WHERE name = ?", (request.args["name"],)).fetchone()}


@app.route("/safe-identifier")
def safe_identifier():
    cur = connection.cursor()
    column = sql.Identifier(request.args["sort"])
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    cur.execute(sql.SQL("SELECT * FROM users ORDER BY {}").format(column))
    return {"rows": cur.fetchall()}


@app.route("/safe-checked")
def safe_checked():
    table = request.args["table"]
    if table not in {"users", "orders"}:
        abort(400)
    cur = connection.cursor()
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    cur.execute(f"SELECT count(*) FROM {table}")
    return {"count": cur.fetchone()[0]}


@api.get("/safe/{item_id}")
def safe_typed(item_id: int):
    cur = connection.cursor()
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    cur.execute(f"SELECT * FROM items WHERE id = {item_id}")
    return cur.fetchone()


@app.route("/safe-lookup")
def safe_lookup():
    cur = connection.cursor()
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    cur.execute(STATEMENTS[request.args["which"]])
    return {"rows": cur.fetchall()}


@app.route("/safe-executor", methods=["POST"])
def safe_other_execute(schema):
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    return schema.execute(request.json["query"]).to_dict()


@app.route("/safe-overwritten")
def safe_overwritten():
    name = request.args["name"]
    name = "nobody"
    cur = connection.cursor()
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    cur.execute("SELECT * FROM users WHERE name = '" + name + "'")
    return {"rows": cur.fetchall()}


@app.route("/safe-builder")
def safe_builder(session, users):
    statement = select(users).where(users.c.name.like(request.args["name"]))
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    return {"rows": session.execute(statement).all()}


@app.route("/safe-insert", methods=["POST"])
def safe_insert(session, users):
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    session.execute(users.insert().values(name=request.form["name"], city=request.form["city"]))
    return "ok"


@app.route("/safe-bound")
def safe_bound(session):
    statement = text("SELECT * FROM users WHERE name = :name").bindparams(name=request.args["name"])
    # ok: oreva.python.sql-injection.dbapi-execute-taint
    return {"rows": session.execute(statement).all()}
