import pymysql
from flask import Flask, request

app = Flask(__name__)


@app.get("/cars")
def cars():
    conn = pymysql.connect(database="cars")
    filters = {}
    for field in ("make", "colour"):
        if field in request.args:
            filters[field] = request.args[field]
    where = " AND ".join(f"{key} = %s" for key in filters)
    with conn.cursor() as cur:
        cur.execute("SELECT id FROM car WHERE " + (where or "1 = 1"), tuple(filters.values()))
        return {"ids": [row[0] for row in cur]}
