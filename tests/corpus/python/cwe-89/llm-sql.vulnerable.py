import sqlite3

import anthropic

client = anthropic.Anthropic()


def ask(question: str):
    reply = client.messages.create(
        model="claude-3-5-sonnet-latest",
        max_tokens=500,
        messages=[{"role": "user", "content": f"Write one SQL query for: {question}"}],
    )
    sql = reply.content[0].text
    with sqlite3.connect("sales.db") as db:
        return db.execute(sql).fetchall()
