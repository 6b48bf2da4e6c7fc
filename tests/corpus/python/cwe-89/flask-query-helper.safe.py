import sqlite3

from flask import Flask, g, jsonify, request

app = Flask(__name__)
COLUMNS = ("tag", "site", "owner")


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect("app.db")
    return g.db


def where_clause(filters):
    parts, values = [], []
    for column in COLUMNS:
        if column in filters:
            parts.append(f"{column} = ?")
            values.append(filters[column])
    return " AND ".join(parts) or "1=1", values


@app.route("/assets")
def assets():
    db = get_db()
    clause, values = where_clause(request.args)
    rows = db.execute("SELECT id, tag FROM assets WHERE " + clause, values).fetchall()
    return jsonify(rows)
