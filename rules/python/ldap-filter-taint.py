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
