import ldap3
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login():
    user = request.form["user"]
    connection = ldap3.Connection("ldap://directory", auto_bind=True)
    query = "(&(objectClass=person)(uid=" + user + "))"
    connection.search("dc=example,dc=org", query, attributes=["cn"])
    return {"found": len(connection.entries)}
