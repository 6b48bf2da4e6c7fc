import ast
import json
import subprocess
import sys

import anthropic
from openai import OpenAI

client = OpenAI()
claude = anthropic.Anthropic()
TOOLS = {"add": lambda a, b: a + b}


def calculate(question):
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": question}])
    # ruleid: oreva.python.code-injection.llm-output-executed
    return eval(answer.choices[0].message.content)


def agent_step(history):
    reply = claude.messages.create(model="m", max_tokens=500, messages=history)
    command = reply.content[0].text.removeprefix("```sh").strip("`\n ")
    # ruleid: oreva.python.code-injection.llm-output-executed
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout


def analyse(chain, frame):
    code = chain.invoke({"columns": list(frame.columns)})
    # ruleid: oreva.python.code-injection.llm-output-executed
    exec(code, {"df": frame})
    # ruleid: oreva.python.code-injection.llm-output-executed
    subprocess.run([sys.executable, "-c", code], check=True)


def safe_literal(question):
    answer = client.responses.create(model="m", input=question)
    # ok: oreva.python.code-injection.llm-output-executed
    return ast.literal_eval(answer.output_text)


def safe_tool(question):
    answer = client.responses.create(model="m", input=question)
    call = json.loads(answer.output_text)
    # ok: oreva.python.code-injection.llm-output-executed
    return TOOLS[call["tool"]](call["a"], call["b"])


def safe_argument(question):
    answer = client.responses.create(model="m", input=question)
    # ok: oreva.python.code-injection.llm-output-executed
    return subprocess.run(["say", answer.output_text], check=True)
