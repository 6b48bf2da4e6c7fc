import json

import boto3


def publish(bucket, key, data):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(data), ACL="public-read", ContentType="application/json")
    return f"https://{bucket}.s3.amazonaws.com/{key}"
