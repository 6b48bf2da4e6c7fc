from fastapi import Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.orm import Session

app = FastAPI()


def database() -> Session: ...


@app.get("/report")
def report(request: Request, session: Session = Depends(database)):
    options = {"limit": 10, "region": request.query_params.get("region", "")}
    statement = text("SELECT sum(amount) FROM sales WHERE region = '" + options["region"] + "'")
    total = session.execute(
        statement
    ).scalar()
    return {"total": total}
