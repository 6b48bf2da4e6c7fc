import psycopg2
from flask import Flask, request

app = Flask(__name__)


def user_filter(name):
    return "WHERE login = '{}'".format(name)


@app.post("/users/find")
def find_users():
    conn = psycopg2.connect("service=accounts")
    cur = conn.cursor()
    name = request.form["name"]
    cur.execute("SELECT id FROM users " + user_filter(name))
    return {"ids": [row[0] for row in cur.fetchall()]}
