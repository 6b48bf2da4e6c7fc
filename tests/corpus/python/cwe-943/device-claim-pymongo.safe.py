import os

from flask import Flask, jsonify, request
from pymongo import MongoClient

app = Flask(__name__)
devices = MongoClient(os.environ["MONGO_URL"]).fleet.devices


def claim_query(body):
    serial, pin = body.get("serial"), body.get("pin")
    if not isinstance(serial, str) or not isinstance(pin, str):
        raise ValueError("serial and pin must be strings")
    return {"serial": serial, "pin": pin, "owner": None}


@app.post("/devices/claim")
def claim():
    body = request.get_json(silent=True) or {}
    if "serial" not in body or "pin" not in body:
        return jsonify(error="serial and pin are required"), 400
    try:
        query = claim_query(body)
    except ValueError as error:
        return jsonify(error="bad request"), 400
    device = devices.find_one(query)
    if device is None:
        return jsonify(error="no such device"), 404
    devices.update_one({"_id": device["_id"]}, {"$set": {"claimed": True}})
    return jsonify(model=device["model"], firmware=device["firmware"])
