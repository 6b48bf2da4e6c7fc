import aiosqlite
from fastapi import FastAPI

app = FastAPI()


@app.get("/search")
async def search(term: str, city: str = ""):
    parts = ["SELECT name FROM shops WHERE name LIKE '%" + term + "%'"]
    if city:
        parts.append("AND city = '" + city + "'")
    async with aiosqlite.connect("shops.db") as db:
        rows = await db.execute_fetchall(" ".join(parts))
    return {"names": [row[0] for row in rows]}
