import requests


def fetch_rates(base: str) -> dict:
    session = requests.Session()
    answer = session.get(base + "/rates", timeout=10, verify="/etc/ssl/partner.pem")
    return answer.json()
