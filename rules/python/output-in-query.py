from openai import OpenAI

client = OpenAI()


def ask(cursor, question):
    reply = client.responses.create(model="gpt-4.1", input="Write SQL for: " + question)
    # ruleid: oreva.python.llm-output.output-in-query
    cursor.execute(reply.output_text)
    return cursor.fetchall()


def ask_chain(chain, cursor, question):
    sql = chain.invoke({"question": question}).strip()
    # ruleid: oreva.python.llm-output.output-in-query
    return cursor.execute("EXPLAIN " + sql)


def bound(cursor, question):
    reply = client.responses.create(model="gpt-4.1", input=question)
    # ok: oreva.python.llm-output.output-in-query
    cursor.execute("SELECT id FROM orders WHERE status = %s", (reply.output_text,))


def fixed(cursor):
    # ok: oreva.python.llm-output.output-in-query
    cursor.execute("SELECT 1")
