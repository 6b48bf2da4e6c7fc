from flask import Flask, abort, request
from ldap3 import Connection, Server

app = Flask(__name__)
BASE = "ou=people,dc=corp,dc=local"


class Directory:
    def __init__(self):
        self.server = Server("ldaps://ldap.corp.local")

    def connect(self):
        return Connection(self.server, auto_bind=True)


@app.route("/people/<uid>")
def person(uid):
    conn = Directory().connect()
    conn.search(BASE, f"(&(objectClass=person)(uid={uid}))", attributes=["mail", "cn"])
    if not conn.entries:
        abort(404)
    return {"mail": str(conn.entries[0].mail)}
