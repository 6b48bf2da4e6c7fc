import json

from openai import OpenAI

client = OpenAI()
OPERATIONS = {"mean": lambda f, c: f[c].mean(), "sum": lambda f, c: f[c].sum()}


def analyse(question, frame):
    completion = client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {"role": "system", "content": "Answer with JSON only."},
            {"role": "user", "content": question},
        ],
    )
    plan = json.loads(completion.choices[0].message.content)
    return OPERATIONS[plan["op"]](frame, plan["column"])
