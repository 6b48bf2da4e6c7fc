import pandas as pd
from fastapi import FastAPI
from openai import OpenAI
from pydantic import BaseModel

app = FastAPI()
client = OpenAI()
sales = pd.read_parquet("/data/sales.parquet")
PROMPT = "Write one pandas expression over the frame `df` that answers the question. Reply with code only."


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
    expression = ask(question.text)
    result = eval(expression, {"df": sales, "pd": pd})
    return {"code": expression, "result": str(result)}
