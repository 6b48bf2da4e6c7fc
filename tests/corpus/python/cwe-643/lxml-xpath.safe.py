from flask import Flask, request
from lxml import etree

app = Flask(__name__)
TREE = etree.parse("employees.xml")


@app.get("/employee")
def employee():
    name = request.args["name"]
    found = TREE.xpath(
        "//employee[name=$name]/salary/text()", name=name
    )
    return {"salary": found}
