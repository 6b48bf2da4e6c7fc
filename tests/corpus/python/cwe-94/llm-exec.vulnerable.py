from openai import OpenAI

client = OpenAI()


def analyse(question, frame):
    completion = client.chat.completions.create(
        model="gpt-4o",
        messages=[
            {"role": "system", "content": "Answer with Python code only."},
            {"role": "user", "content": question},
        ],
    )
    code = completion.choices[0].message.content
    code = code.strip().removeprefix("```python").removesuffix("```")
    scope = {"df": frame}
    exec(code, scope)
    return scope.get("result")
