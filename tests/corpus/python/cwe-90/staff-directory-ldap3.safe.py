import os

from flask import Flask, jsonify, request
from ldap3 import ALL, Connection, Server
from ldap3.utils.conv import escape_filter_chars

app = Flask(__name__)
BASE = "ou=people,dc=example,dc=org"
ATTRIBUTES = ["cn", "mail", "telephoneNumber"]


def connect():
    server = Server("ldaps://ldap.example.org", get_info=ALL)
    return Connection(server, os.environ["LDAP_USER"], os.environ["LDAP_PASSWORD"], auto_bind=True)


def person_filter(surname, department):
    clauses = ["(objectClass=person)", "(sn={}*)".format(escape_filter_chars(surname))]
    if department:
        clauses.append("(departmentNumber={})".format(escape_filter_chars(department)))
    return "(&" + "".join(clauses) + ")"


@app.get("/staff")
def staff():
    surname = request.args.get("surname", "").strip()
    if len(surname) < 2:
        return jsonify([])
    query = person_filter(surname, request.args.get("department"))
    with connect() as connection:
        connection.search(BASE, query, attributes=ATTRIBUTES, size_limit=50)
        return jsonify([entry.entry_attributes_as_dict for entry in connection.entries])
