import sqlite3

from flask import Flask, g, jsonify, request

app = Flask(__name__)


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect("app.db")
    return g.db


def where_clause(filters):
    parts = []
    for key, value in filters.items():
        parts.append(f"{key} = '{value}'")
    return " AND ".join(parts) or "1=1"


@app.route("/assets")
def assets():
    db = get_db()
    clause = where_clause(request.args)
    rows = db.execute("SELECT id, tag FROM assets WHERE " + clause).fetchall()
    return jsonify(rows)
