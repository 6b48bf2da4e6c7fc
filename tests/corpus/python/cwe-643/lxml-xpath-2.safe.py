from flask import Flask, abort, request
from lxml import etree

app = Flask(__name__)
TREE = etree.parse("/etc/app/users.xml")


@app.post("/auth")
def auth():
    user = request.form["user"]
    pin = request.form["pin"]
    found = TREE.xpath("//user[@name=$user and @pin=$pin]", user=user, pin=pin)
    if not found:
        abort(403)
    return {"role": found[0].get("role")}
