from flask import Flask, jsonify, request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = Flask(__name__)
engine = create_engine("sqlite:///books.db")
SORTABLE = {"title": "title", "author": "author_name", "year": "published_year"}


@app.get("/books")
def books():
    sort = SORTABLE.get(request.args.get("sort"), "title")
    direction = "DESC" if request.args.get("desc") else "ASC"
    with Session(engine) as session:
        rows = session.execute(text("SELECT id, title FROM books ORDER BY " + sort + " " + direction)).all()
    return jsonify([dict(r._mapping) for r in rows])
