from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/preview")
def preview():
    title = request.args.get("title", "")
    source = "<title>{{ title }}</title><p>{{ body }}</p>"
    return render_template_string(
        source, title=title, body="..."
    )
