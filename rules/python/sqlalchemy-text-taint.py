import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from flask import Flask, request
from sqlalchemy import column, literal_column, select, table, text
from sqlalchemy.orm import Session

app = Flask(__name__)
router = APIRouter()


@app.get("/users")
def users(session):
    order = request.args.get("order", "name")
    # ruleid: oreva.python.sql-injection.sqlalchemy-text-taint
    return session.execute(text(f"SELECT * FROM users ORDER BY {order}")).all()


@router.get("/orders")
async def orders(state: str, session: Session = Depends(lambda: None)):
    query = "SELECT * FROM orders WHERE state = '%s'" % state
    # ruleid: oreva.python.sql-injection.sqlalchemy-text-taint
    return session.execute(sa.text(query)).all()


@router.post("/find")
async def find(request: Request, session: Session = Depends(lambda: None)):
    body = await request.json()
    # ruleid: oreva.python.sql-injection.sqlalchemy-text-taint
    stmt = select(literal_column(body["column"])).select_from(table("t"))
    return session.execute(stmt).all()


@app.get("/driver")
def driver(engine):
    with engine.connect() as conn:
        # ruleid: oreva.python.sql-injection.sqlalchemy-text-taint
        return conn.exec_driver_sql("SELECT " + request.args["what"]).scalar()


@app.get("/safe-bound")
def safe_bound(session):
    # ok: oreva.python.sql-injection.sqlalchemy-text-taint
    stmt = text("SELECT * FROM users WHERE name = :name").bindparams(name=request.args["name"])
    return session.execute(stmt).all()


@app.get("/safe-builder")
def safe_builder(session):
    # ok: oreva.python.sql-injection.sqlalchemy-text-taint
    stmt = select(column("id")).where(column("name") == request.args["name"])
    return session.execute(stmt).all()


@router.get("/safe-typed")
def safe_typed(limit: int, session: Session = Depends(lambda: None)):
    # ok: oreva.python.sql-injection.sqlalchemy-text-taint
    return session.execute(text(f"SELECT * FROM users LIMIT {limit}")).all()
