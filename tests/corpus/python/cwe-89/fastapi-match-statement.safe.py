import psycopg
from fastapi import FastAPI

app = FastAPI()


@app.get("/stats")
def stats(period: str):
    match period:
        case "day" | "week":
            column = period
        case _:
            column = "month"
    with psycopg.connect() as conn:
        row = conn.execute(f"SELECT avg(total) FROM sales GROUP BY {column}").fetchone()
    return {"average": row}
