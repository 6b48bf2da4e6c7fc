import sqlite3


class Users:
    def __init__(self, path):
        self.conn = sqlite3.connect(path)

    def by_name(self, name):
        query = "SELECT id FROM users WHERE name = '" + name + "'"
        # ruleid: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute(query).fetchall()

    def by_mail(self, mail):
        # ruleid: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute(f"SELECT id FROM users WHERE mail = '{mail}' LIMIT 1").fetchone()

    def search(self, term: str):
        # ruleid: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute("SELECT id FROM users WHERE name LIKE '%%%s%%'" % term).fetchall()

    def add(self, name, mail):
        sql = "INSERT INTO users (name, mail) VALUES ('{}', '{}')".format(name, mail)
        cursor = self.conn.cursor()
        # ruleid: oreva.python.sql-injection.sql-value-in-text
        cursor.execute(sql)

    def safe_by_name(self, name):
        query = "SELECT id FROM users WHERE name = ?"
        # ok: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute(query, (name,)).fetchall()

    def safe_by_number(self, number: int):
        # ok: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute(f"SELECT id FROM users WHERE number = '{number}'").fetchall()

    def safe_converted(self, number):
        # ok: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute(f"SELECT id FROM users WHERE number = '{int(number)}'").fetchall()

    def safe_table(self, table_name):
        # ok: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute(f"SELECT name FROM sqlite_master WHERE name = '{table_name}'").fetchall()

    def safe_clause(self, where, name):
        # ok: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute("SELECT id FROM users WHERE " + where + " AND state = 'new'", (name,)).fetchall()

    def safe_escaped(self, name):
        # ok: oreva.python.sql-injection.sql-value-in-text
        return self.conn.execute(f"SELECT id FROM users WHERE name = '{self.conn.escape_string(name)}'").fetchall()


def safe_other_execute(executor, name):
    # ok: oreva.python.sql-injection.sql-value-in-text
    return executor.execute(f"say '{name}'")
