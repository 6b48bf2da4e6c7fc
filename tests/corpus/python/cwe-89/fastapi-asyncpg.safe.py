from fastapi import APIRouter, Depends, Query

from .deps import get_pool

router = APIRouter(prefix="/customers")


@router.get("/")
async def list_customers(city: str = Query(default=""), limit: int = 50, pool=Depends(get_pool)):
    query = "SELECT id, name, city FROM customers"
    args = []
    if city:
        args.append(city)
        query += f" WHERE city = ${len(args)}"
    query += f" LIMIT {limit}"
    async with pool.acquire() as conn:
        rows = await conn.fetch(query, *args)
    return [dict(row) for row in rows]
