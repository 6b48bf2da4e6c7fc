import os
import smtplib

import paramiko
import psycopg2
import pymysql

PASSWORD = "k2mv8qz4"


def database():
    # ruleid: oreva.python.hardcoded-credentials.connection-password
    return psycopg2.connect(host="db.shop.internal", user="shop", password="k2mv8qz4", dbname="shop")


def database_by_name():
    # ruleid: oreva.python.hardcoded-credentials.connection-password
    return pymysql.connect(host="db.shop.internal", user="shop", passwd=PASSWORD)


def mail(message):
    with smtplib.SMTP("mail.shop.internal") as server:
        # ruleid: oreva.python.hardcoded-credentials.connection-password
        server.login("shop", "k2mv8qz4")
        server.send_message(message)


def safe_environment():
    # ok: oreva.python.hardcoded-credentials.connection-password
    return psycopg2.connect(host="db.shop.internal", user="shop", password=os.environ["DB_PASSWORD"])


def safe_local():
    # ok: oreva.python.hardcoded-credentials.connection-password
    return psycopg2.connect(host="localhost", user="postgres", password="postgres")


def safe_key(path):
    client = paramiko.SSHClient()
    # ok: oreva.python.hardcoded-credentials.connection-password
    client.connect("shop.internal", username="deploy", key_filename=path)


def safe_empty():
    # ok: oreva.python.hardcoded-credentials.connection-password
    return pymysql.connect(host="localhost", user="shop", password="")


def in_a_string():
    # ruleid: oreva.python.hardcoded-credentials.connection-password
    return psycopg2.connect("host=db.shop.internal user=shop password=k2mv8qz4 dbname=shop")


def safe_string():
    # ok: oreva.python.hardcoded-credentials.connection-password
    return psycopg2.connect("host=localhost user=shop dbname=shop")


def safe_string_default():
    # ok: oreva.python.hardcoded-credentials.connection-password
    return psycopg2.connect("host=localhost user=postgres password=postgres")
