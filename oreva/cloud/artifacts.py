"""Artifacts in S3: bodies that are too large to travel between functions, as compressed JSON lines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Literal

from oreva.cloud.objects import LINES_TYPE, Lines, ModelT, packed, parsed, read_lines, unpacked
from oreva.errors import StoreError, ThrottledError
from oreva.models import Model
from oreva.store.records import dump

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class MissingArtifactError(StoreError):
    """An artifact that must be there is not."""


class Artifacts:
    """One bucket. Every method may raise `StoreError`, which names the object."""

    def __init__(self, bucket: str, client: S3Client) -> None:
        self.bucket = bucket
        self._client = client

    @classmethod
    def open(cls, bucket: str) -> Artifacts:
        """The bucket, through a client of the environment's region and endpoint."""
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        # Presigned addresses work in every region only if they name it, which only the virtual style does.
        elsewhere = any(os.environ.get(name) for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"))
        style: Literal["path", "virtual"] = "path" if elsewhere else "virtual"
        config = Config(signature_version="s3v4", s3={"addressing_style": style})
        return cls(bucket, boto3.session.Session().client("s3", config=config))

    def put(self, key: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Write one object."""
        with _told(self.bucket, key):
            self._client.put_object(Bucket=self.bucket, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """One object. Raises `MissingArtifactError` if it is not there."""
        body = self.find(key)
        if body is None:
            raise MissingArtifactError(
                f"s3://{self.bucket}/{key}: not there; it may have expired, start the scan again"
            )
        return body

    def find(self, key: str) -> bytes | None:
        """One object, or None if it is not there."""
        with _told(self.bucket, key):
            try:
                return self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            except self._client.exceptions.NoSuchKey:
                return None

    def download(self, key: str, into: IO[bytes], limit: int) -> int:
        """Copy one object into a file, at most `limit` bytes; returns its size.

        Raises `StoreError` if it is larger, and `MissingArtifactError` if it is not there.
        """
        with _told(self.bucket, key):
            try:
                answer = self._client.get_object(Bucket=self.bucket, Key=key)
            except self._client.exceptions.NoSuchKey:
                raise MissingArtifactError(f"s3://{self.bucket}/{key}: not there; upload it first") from None
            size = answer["ContentLength"]
            if size > limit:
                raise StoreError(
                    f"s3://{self.bucket}/{key}: {size:,} bytes are more than the limit of {limit:,}; "
                    "raise the setting upload_bytes, or leave files out"
                )
            for chunk in answer["Body"].iter_chunks(1 << 20):
                into.write(chunk)
        return size

    def size(self, key: str) -> int | None:
        """The bytes of one object, or None if it is not there."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        with _told(self.bucket, key):
            try:
                return self._client.head_object(Bucket=self.bucket, Key=key)["ContentLength"]
            except ClientError as error:
                if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                    return None
                raise

    def address_to_put(self, key: str, size: int, content_type: str, seconds: int) -> str:
        """An address that takes one HTTP PUT of exactly `size` bytes, with this content type, for that long."""
        what = {"Bucket": self.bucket, "Key": key, "ContentLength": size, "ContentType": content_type}
        with _told(self.bucket, key):
            return self._client.generate_presigned_url("put_object", Params=what, ExpiresIn=seconds)

    def address_to_get(self, key: str, file_name: str, content_type: str, seconds: int) -> str:
        """An address that answers HTTP GETs with the object, as a file to keep, for that long."""
        what = {
            "Bucket": self.bucket,
            "Key": key,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        }
        with _told(self.bucket, key):
            return self._client.generate_presigned_url("get_object", Params=what, ExpiresIn=seconds)

    def address_to_read(self, key: str, seconds: int) -> str:
        """An address that answers HTTP GETs with the object as it is, for that long."""
        with _told(self.bucket, key):
            return self._client.generate_presigned_url(
                "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds
            )

    def address_to_write(self, key: str, content_type: str, seconds: int) -> str:
        """An address that takes HTTP PUTs with this content type, of any length, for that long."""
        what = {"Bucket": self.bucket, "Key": key, "ContentType": content_type}
        with _told(self.bucket, key):
            return self._client.generate_presigned_url("put_object", Params=what, ExpiresIn=seconds)

    def keys(self, prefix: str) -> list[str]:
        """The keys below a prefix, sorted."""
        found: list[str] = []
        with _told(self.bucket, prefix):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                found += [item["Key"] for item in page.get("Contents", [])]
        return sorted(found)

    def put_model(self, key: str, model: Model) -> None:
        """Write one model as JSON, compressed where the key says so."""
        self.put(key, packed(model) if key.endswith(".gz") else dump(model).encode(), "application/json")

    def put_first(self, key: str, model: Model) -> bool:
        """Write one model unless the object is there already; whether it was written."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        body = packed(model)
        with _told(self.bucket, key):
            try:
                self._client.put_object(
                    Bucket=self.bucket, Key=key, Body=body, ContentType="application/gzip", IfNoneMatch="*"
                )
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in _THERE_ALREADY:
                    return False
                raise
        return True

    def get_model(self, key: str, model: type[ModelT]) -> ModelT:
        """Read what `put_model` wrote."""
        return self._read(key, self.get(key), model)

    def find_model(self, key: str, model: type[ModelT]) -> ModelT | None:
        """The same, or None if the object is not there."""
        body = self.find(key)
        return None if body is None else self._read(key, body, model)

    def put_lines(self, key: str, models: Iterable[Model]) -> int:
        """Write models one a line, compressed; returns how many."""
        with self.lines(key) as lines:
            for model in models:
                lines.add(model)
        return lines.count

    def lines(self, key: str) -> Lines:
        """Write models one a line, compressed, as they come: `with artifacts.lines(key) as lines: lines.add(model)`.

        The object is there once the block has ended without an error.
        """
        return Lines(lambda body: self.put(key, body, LINES_TYPE))

    def get_lines(self, key: str, model: type[ModelT]) -> list[ModelT]:
        """Read what `put_lines` wrote."""
        return list(self.iter_lines(key, model))

    def iter_lines(self, key: str, model: type[ModelT]) -> Iterator[ModelT]:
        """Read what `put_lines` wrote, unpacking one line at a time."""
        return read_lines(self._name(key), self.get(key), model)

    def find_lines(self, key: str, model: type[ModelT]) -> Iterator[ModelT] | None:
        """The same, or None if the object is not there."""
        body = self.find(key)
        return None if body is None else read_lines(self._name(key), body, model)

    def _name(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def _read(self, key: str, body: bytes, model: type[ModelT]) -> ModelT:
        return (unpacked if key.endswith(".gz") else parsed)(self._name(key), body, model)


class _told:  # noqa: N801  (a context manager that reads as a word)
    """Turns an error of the service into one that names the object."""

    def __init__(self, bucket: str, key: str) -> None:
        self._name = f"s3://{bucket}/{key}"

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "unknown")
            if code in _THROTTLES:
                raise ThrottledError(f"{self._name}: {code}") from error
            raise StoreError(f"{self._name}: {code}; check the bucket and the role of the function") from error
        if isinstance(error, BotoCoreError):
            raise StoreError(f"{self._name}: {error}") from error


_THERE_ALREADY = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
"""What S3 answers to a conditional write: the object is there, or is being written by somebody else."""
_THROTTLES = frozenset({"SlowDown", "ThrottlingException", "Throttling", "RequestLimitExceeded", "503"})
"""What S3 answers when it asks for less; the client has tried again a few times by then."""
