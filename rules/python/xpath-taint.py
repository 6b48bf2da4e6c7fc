from flask import Flask, request
from lxml import etree

app = Flask(__name__)
TREE = etree.parse("users.xml")


@app.route("/user")
def user():
    name = request.args["name"]
    # ruleid: oreva.python.xpath-injection.xpath-taint
    return str(TREE.xpath("//user[@name = '" + name + "']/text()"))


def find(request):
    # ruleid: oreva.python.xpath-injection.xpath-taint
    select = etree.XPath(f"//item[@id = '{request.GET['id']}']")
    return select(TREE)


@app.route("/safe-variable")
def safe_variable():
    # ok: oreva.python.xpath-injection.xpath-taint
    return str(TREE.xpath("//user[@name = $name]/text()", name=request.args["name"]))


@app.route("/safe-number")
def safe_number():
    # ok: oreva.python.xpath-injection.xpath-taint
    return str(TREE.xpath(f"//user[{int(request.args['position'])}]"))
