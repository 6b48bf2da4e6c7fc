import json
import os

import pymysql

connection = pymysql.connect(host=os.environ["DB_HOST"], user="api", password=os.environ["DB_PASSWORD"])


def handler(event, context):
    params = event.get("queryStringParameters") or {}
    order_id = params.get("id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT status FROM orders WHERE id = '{order_id}'")
        row = cursor.fetchone()
    return {"statusCode": 200, "body": json.dumps({"status": row[0] if row else None})}
