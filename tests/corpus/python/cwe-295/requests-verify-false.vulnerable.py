import requests


def fetch_rates(base: str) -> dict:
    session = requests.Session()
    answer = session.get(base + "/rates", timeout=10, verify=False)
    return answer.json()
