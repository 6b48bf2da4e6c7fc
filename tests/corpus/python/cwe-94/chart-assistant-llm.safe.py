import json

import pandas as pd
from fastapi import FastAPI
from openai import OpenAI
from pydantic import BaseModel

app = FastAPI()
client = OpenAI()
sales = pd.read_parquet("/data/sales.parquet")
PROMPT = 'Reply with JSON only: {"group": "region|product|month", "measure": "revenue|units"}.'
GROUPS = {"region", "product", "month"}
MEASURES = {"revenue", "units"}


class Question(BaseModel):
    text: str


def ask(question: str) -> str:
    reply = client.chat.completions.create(
        model="gpt-4o-mini",
        messages=[{"role": "system", "content": PROMPT}, {"role": "user", "content": question}],
    )
    return reply.choices[0].message.content.strip()


@app.post("/ask")
def answer(question: Question):
    plan = json.loads(ask(question.text))
    if plan.get("group") not in GROUPS or plan.get("measure") not in MEASURES:
        return {"error": "the question could not be understood"}
    result = sales.groupby(plan["group"])[plan["measure"]].sum()
    return {"plan": plan, "result": str(result)}
