import requests


class ErpClient:
    def __init__(self, base):
        self.base = base
        self.session = requests.Session()
        self.session.verify = False
        self.session.headers["Accept"] = "application/json"

    def orders(self):
        return self.session.get(self.base + "/orders", timeout=10).json()
