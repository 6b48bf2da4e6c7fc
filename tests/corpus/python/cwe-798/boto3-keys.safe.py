import os

import boto3


def bucket(name: str):
    session = boto3.Session(
        aws_access_key_id=os.environ["BACKUP_KEY_ID"],
        aws_secret_access_key=os.environ["BACKUP_KEY"],
    )
    return session.resource("s3").Bucket(name)
