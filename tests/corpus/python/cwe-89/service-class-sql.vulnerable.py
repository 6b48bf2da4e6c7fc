import sqlite3

from flask import Flask, jsonify, request

app = Flask(__name__)


class UserRepository:
    def __init__(self, path):
        self.conn = sqlite3.connect(path, check_same_thread=False)

    def find_by_name(self, name):
        query = "SELECT id, email FROM users WHERE name = '" + name + "'"
        return self.conn.execute(query).fetchall()


repo = UserRepository("users.db")


@app.get("/users")
def users():
    return jsonify(repo.find_by_name(request.args["name"]))
