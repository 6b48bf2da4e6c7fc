"""The shop's API: products, orders, invoices."""

import hashlib
import os
import pickle
import sqlite3
import subprocess

import requests
import yaml
from flask import Flask, redirect, render_template_string, request, send_file

app = Flask(__name__)
DATABASE = os.environ.get("SHOP_DATABASE", "shop.db")
INVOICES = "/srv/shop/invoices"


def connect():
    return sqlite3.connect(DATABASE)


@app.get("/products")
def products():
    name = request.args.get("name", "")
    rows = connect().execute("SELECT id, title FROM products WHERE title LIKE '%" + name + "%'")
    return {"products": rows.fetchall()}


@app.get("/products/<int:product_id>")
def product(product_id):
    row = connect().execute("SELECT id, title FROM products WHERE id = ?", (product_id,)).fetchone()
    return {"product": row}


@app.get("/hello")
def hello():
    return render_template_string("<h1>Hello " + request.args.get("who", "you") + "</h1>")


@app.post("/thumbnail")
def thumbnail():
    source = request.form["source"]
    subprocess.run(f"convert {source} -resize 200x200 /tmp/thumb.png", shell=True, check=True)
    return send_file("/tmp/thumb.png")


@app.get("/invoices/<name>")
def invoice(name):
    return send_file(os.path.join(INVOICES, request.args["file"]))


@app.get("/stock")
def stock():
    return requests.get(request.args["warehouse"], timeout=5).json()


@app.get("/leave")
def leave():
    return redirect(request.args["to"])


@app.post("/basket")
def basket():
    return {"items": pickle.loads(request.get_data())}


@app.post("/settings")
def settings():
    return yaml.load(request.get_data(), Loader=yaml.Loader)


def password_hash(password):
    return hashlib.md5(password.encode()).hexdigest()


def etag(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


if __name__ == "__main__":
    app.run(host="0.0.0.0", debug=True)
