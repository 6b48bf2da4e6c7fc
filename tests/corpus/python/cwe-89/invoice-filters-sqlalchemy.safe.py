from flask import Blueprint, current_app, jsonify, request
from sqlalchemy import create_engine, text

bp = Blueprint("invoices", __name__)
engine = create_engine("postgresql+psycopg://billing@db/billing", pool_pre_ping=True)

FILTERS = ("customer", "status", "currency")


def build_where(args):
    parts, params = [], {}
    for column in FILTERS:
        value = args.get(column)
        if value:
            parts.append(f"{column} = :{column}")
            params[column] = value
    return " AND ".join(parts) or "1 = 1", params


def find_invoices(args):
    where, params = build_where(args)
    statement = "SELECT id, number, total FROM invoices WHERE " + where + " ORDER BY id DESC"
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(statement), params)]


@bp.get("/invoices")
def list_invoices():
    rows = find_invoices(request.args)
    current_app.logger.info("invoice search returned %d rows", len(rows))
    return jsonify(rows)
