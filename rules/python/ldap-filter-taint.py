import re

import ldap
from flask import Flask, request
from ldap.filter import escape_filter_chars
from ldap3 import Connection, Server

app = Flask(__name__)
BASE = "dc=example,dc=com"


@app.route("/login", methods=["POST"])
def login():
    conn = ldap.initialize("ldaps://ldap.example.com")
    # ruleid: oreva.python.ldap-injection.ldap-filter-taint
    found = conn.search_s(BASE, ldap.SCOPE_SUBTREE, "(uid=%s)" % request.form["name"])
    return str(bool(found))


def people(request):
    query = f"(&(objectClass=person)(cn={request.GET['name']}))"
    with Connection(Server("ldap.example.com")) as conn:
        # ruleid: oreva.python.ldap-injection.ldap-filter-taint
        conn.search(BASE, query, attributes=["mail"])
        return conn.entries


@app.route("/safe-escaped", methods=["POST"])
def safe_escaped():
    conn = ldap.initialize("ldaps://ldap.example.com")
    name = escape_filter_chars(request.form["name"])
    # ok: oreva.python.ldap-injection.ldap-filter-taint
    return str(conn.search_s(BASE, ldap.SCOPE_SUBTREE, f"(uid={name})"))


def safe_constant():
    with Connection(Server("ldap.example.com")) as conn:
        # ok: oreva.python.ldap-injection.ldap-filter-taint
        conn.search(BASE, "(objectClass=person)")


def safe_other_search(request):
    # ok: oreva.python.ldap-injection.ldap-filter-taint
    return re.search(r"\d+", request.GET["name"])


class Directory:
    def __init__(self):
        self.connection = Connection(Server("ldap.example.com"), auto_bind=True)

    def connect(self):
        return Connection(Server("ldap.example.com"), auto_bind=True)

    def own(self, request):
        # ruleid: oreva.python.ldap-injection.ldap-filter-taint
        self.connection.search(BASE, f"(uid={request.GET['uid']})")


@app.route("/chained")
def chained():
    # ruleid: oreva.python.ldap-injection.ldap-filter-taint
    Connection(Server("ldap.example.com")).search(BASE, f"(uid={request.args['uid']})")
    return "ok"


@app.route("/people/<uid>")
def from_a_method(uid):
    conn = Directory().connect()
    # ruleid: oreva.python.ldap-injection.ldap-filter-taint
    conn.search(BASE, f"(&(objectClass=person)(uid={uid}))", attributes=["mail"])
    # ruleid: oreva.python.ldap-injection.ldap-filter-taint
    conn.extend.standard.paged_search(BASE, f"(uid={uid})", paged_size=10)
    # ok: oreva.python.ldap-injection.ldap-filter-taint
    conn.search(BASE, f"(uid={escape_filter_chars(uid)})")
    # ok: oreva.python.ldap-injection.ldap-filter-taint
    conn.search(BASE, "(objectClass=person)", attributes=[uid])
    # ok: oreva.python.ldap-injection.ldap-filter-taint
    return str(NAME_PATTERN.search(uid, len(uid)))
