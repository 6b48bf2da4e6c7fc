from anthropic import Anthropic
from flask import Flask, request
from openai import OpenAI

app = Flask(__name__)
client = OpenAI()
RULES = "Answer questions about orders."
TONES = {"short": "Be brief.", "long": "Explain."}


def chat():
    style = request.json["style"]
    # ruleid: oreva.python.prompt-injection.system-prompt-taint
    messages = [{"role": "system", "content": "Answer like " + style}, {"role": "user", "content": "Hi"}]
    return client.chat.completions.create(model="gpt-4.1", messages=messages)


def claude():
    prompt = f"You are {request.args['persona']}."
    # ruleid: oreva.python.prompt-injection.system-prompt-taint
    return Anthropic().messages.create(model="claude", system=prompt, messages=[], max_tokens=100)


def as_user():
    # ok: oreva.python.prompt-injection.system-prompt-taint
    messages = [{"role": "system", "content": RULES}, {"role": "user", "content": request.json["question"]}]
    return client.chat.completions.create(model="gpt-4.1", messages=messages)


def chosen():
    # ok: oreva.python.prompt-injection.system-prompt-taint
    messages = [{"role": "system", "content": TONES[request.json["tone"]]}]
    return client.chat.completions.create(model="gpt-4.1", messages=messages)
