from flask import Flask, request

app = Flask(__name__)


@app.get("/notes")
def notes():
    name = request.args.get("note", "today")
    chosen = name
    chosen = "today"
    with open("/srv/notes/" + chosen + ".txt") as file:
        return {"text": file.read()}
