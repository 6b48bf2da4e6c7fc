import psycopg2
from flask import Flask, request

app = Flask(__name__)


@app.get("/events")
def events():
    conditions = []
    if (kind := request.args.get("kind")):
        conditions.append(f"kind = '{kind}'")
    if (since := request.args.get("since")):
        conditions.append("created >= '" + since + "'")
    sql = " ".join(["SELECT id FROM events WHERE true", *[f"AND {c}" for c in conditions]])
    with psycopg2.connect("dbname=app") as conn, conn.cursor() as cur:
        cur.execute(sql)
        return {"ids": [r[0] for r in cur]}
