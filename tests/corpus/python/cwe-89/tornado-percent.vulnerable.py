import sqlite3

import tornado.web


class ProductHandler(tornado.web.RequestHandler):
    def get(self):
        name = self.get_argument("name")
        db = sqlite3.connect("shop.db")
        cursor = db.cursor()
        cursor.execute("SELECT price FROM product WHERE name = '%s'" % name)
        self.write({"price": cursor.fetchone()})
