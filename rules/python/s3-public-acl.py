import boto3

s3 = boto3.client("s3")


def publish(bucket, key, body):
    # ruleid: oreva.python.cloud-permissions.s3-public-acl
    s3.put_object(Bucket=bucket, Key=key, Body=body, ACL="public-read")


def upload(bucket, key, path):
    # ruleid: oreva.python.cloud-permissions.s3-public-acl
    s3.upload_file(path, bucket, key, ExtraArgs={"ContentType": "text/html", "ACL": "public-read"})


def make(bucket):
    # ruleid: oreva.python.cloud-permissions.s3-public-acl
    boto3.resource("s3").Bucket(bucket).put(ACL="public-read-write")


def safe_default(bucket, key, body):
    # ok: oreva.python.cloud-permissions.s3-public-acl
    s3.put_object(Bucket=bucket, Key=key, Body=body)


def safe_private(bucket, key, body):
    # ok: oreva.python.cloud-permissions.s3-public-acl
    s3.put_object(Bucket=bucket, Key=key, Body=body, ACL="private")


def safe_owner(bucket, key, path):
    # ok: oreva.python.cloud-permissions.s3-public-acl
    s3.upload_file(path, bucket, key, ExtraArgs={"ACL": "bucket-owner-full-control"})
