from flask import Flask, request
from openai import OpenAI

app = Flask(__name__)
client = OpenAI()


@app.post("/assistant")
def assistant():
    tone = request.json["tone"]
    reply = client.chat.completions.create(
        model="gpt-4.1",
        messages=[
            {"role": "system", "content": f"You help customers. Write in this tone: {tone}"},
            {"role": "user", "content": request.json["question"]},
        ],
    )
    return {"answer": reply.choices[0].message.content}
