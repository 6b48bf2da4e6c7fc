from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/preview")
def preview():
    title = request.args.get("title", "")
    source = "<title>%s</title><p>{{ body }}</p>" % title
    return render_template_string(
        source, body="..."
    )
