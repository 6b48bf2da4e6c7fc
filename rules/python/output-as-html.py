import nh3
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from openai import OpenAI

client = OpenAI()


def page(question):
    reply = client.responses.create(model="gpt-4.1", input=question)
    # ruleid: oreva.python.llm-output.output-as-html
    return HTMLResponse("<p>" + reply.output_text + "</p>")


def fragment(question):
    text = client.chat.completions.create(model="gpt-4.1", messages=[]).choices[0].message.content
    # ruleid: oreva.python.llm-output.output-as-html
    return Markup(text)


def cleaned(question):
    reply = client.responses.create(model="gpt-4.1", input=question)
    # ok: oreva.python.llm-output.output-as-html
    return HTMLResponse(nh3.clean(reply.output_text))


def fixed():
    # ok: oreva.python.llm-output.output-as-html
    return Markup("<p>ready</p>")
