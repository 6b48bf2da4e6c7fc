from langchain_community.tools import ShellTool
from langchain_community.vectorstores import FAISS
from langchain_experimental.agents import create_csv_agent


def build(model, embeddings):
    # ruleid: oreva.python.agent-tool.dangerous-tool-enabled
    tools = [ShellTool()]
    # ruleid: oreva.python.agent-tool.dangerous-tool-enabled
    store = FAISS.load_local("index", embeddings, allow_dangerous_deserialization=True)
    # ruleid: oreva.python.agent-tool.dangerous-tool-enabled
    return create_csv_agent(model, "orders.csv", allow_dangerous_code=True), tools, store


def safe(model, embeddings):
    # ok: oreva.python.agent-tool.dangerous-tool-enabled
    store = FAISS.load_local("index", embeddings)
    # ok: oreva.python.agent-tool.dangerous-tool-enabled
    return create_csv_agent(model, "orders.csv", allow_dangerous_code=False), store
