import os

import boto3


def bucket(name: str):
    session = boto3.Session(
        aws_access_key_id="AKIA3SGXTWQZ5RLN7VKD",
        aws_secret_access_key="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",
    )
    return session.resource("s3").Bucket(name)
