import sqlite3

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.get("/orders")
def orders():
    connection = sqlite3.connect("shop.db")
    customer = request.args.get("customer", "")
    rows = connection.execute(
        f"SELECT id, total FROM orders WHERE customer = '{customer}' ORDER BY id"
    ).fetchall()
    return jsonify(rows)
