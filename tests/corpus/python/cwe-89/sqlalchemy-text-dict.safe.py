from fastapi import Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.orm import Session

app = FastAPI()


def database() -> Session: ...


@app.get("/report")
def report(request: Request, session: Session = Depends(database)):
    options = {"limit": 10, "region": request.query_params.get("region", "")}
    total = session.execute(
        text("SELECT sum(amount) FROM sales WHERE region = :region"), {"region": options["region"]}
    ).scalar()
    return {"total": total}
