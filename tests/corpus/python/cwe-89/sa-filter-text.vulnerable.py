from flask import Blueprint, jsonify, request
from sqlalchemy import text

from .extensions import db
from .models import Device

bp = Blueprint("devices", __name__)


@bp.get("/devices")
def devices():
    site = request.args.get("site")
    query = db.session.query(Device)
    if site:
        query = query.filter(text("site = '%s'" % site))
    return jsonify([d.to_dict() for d in query.order_by(Device.id).all()])
