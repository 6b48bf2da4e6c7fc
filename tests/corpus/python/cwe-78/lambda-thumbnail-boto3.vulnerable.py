import os
import uuid
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")
TARGET_BUCKET = "media-thumbnails"


def source_objects(event):
    for record in event.get("Records", []):
        yield record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"])


def make_thumbnail(local, title, output):
    command = "convert %s -thumbnail 320x320 -set comment '%s' %s" % (local, title, output)
    if os.system(command) != 0:
        raise RuntimeError("convert failed")


def handler(event, context):
    done = 0
    for bucket, key in source_objects(event):
        local = f"/tmp/{uuid.uuid4().hex}"
        output = local + ".jpg"
        s3.download_file(bucket, key, local)
        make_thumbnail(local, key.rsplit("/", 1)[-1], output)
        s3.upload_file(output, TARGET_BUCKET, key)
        done += 1
    return {"thumbnails": done}
