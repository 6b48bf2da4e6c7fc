import asyncssh
import paramiko
from paramiko import AutoAddPolicy, SSHClient


def connect(host):
    client = SSHClient()
    # ruleid: oreva.python.ssh.host-key-unchecked
    client.set_missing_host_key_policy(AutoAddPolicy())
    client.connect(host)


def connect_class(client):
    # ruleid: oreva.python.ssh.host-key-unchecked
    client.set_missing_host_key_policy(paramiko.WarningPolicy)


async def run(host):
    # ruleid: oreva.python.ssh.host-key-unchecked
    async with asyncssh.connect(host, known_hosts=None) as conn:
        return await conn.run("uptime")


def safe_reject(client):
    client.load_system_host_keys()
    # ok: oreva.python.ssh.host-key-unchecked
    client.set_missing_host_key_policy(paramiko.RejectPolicy())


async def safe_known(host):
    # ok: oreva.python.ssh.host-key-unchecked
    async with asyncssh.connect(host, known_hosts="known_hosts") as conn:
        return await conn.run("uptime")
