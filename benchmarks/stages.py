"""What the stages in AWS need for a repository of 20,000 files: `python -m benchmarks.stages`.

A tree is generated and uploaded to S3 (moto, in this process); then every stage runs in a process of its own, as a
Lambda function would, twice: first with nothing known, then with one changed file. Printed are wall time and the peak
of resident memory of the stage's own process (the scanners that Scan starts have limits of their own and are not in
it). Semgrep runs a handful of rules here: what Fetch and Deduplicate need depends on files and findings, not on rules.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import logging
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oreva.cloud import deduplicate, fetch, layout, report, scan, triage
from oreva.cloud.messages import BatchMessage, ScanRequest, ShardMessage, StageMessage
from oreva.cloud.requests import make_request, start
from oreva.cloud.services import Services
from oreva.models import Model, Source

ROOT = Path(__file__).resolve().parents[1]
NAME = "oreva-benchmark"
RULES = """\
rules:
  - {id: team.exec, languages: [python], severity: HIGH, message: Text is run as code., pattern: exec(...),
     metadata: {title: Text run as code, category: security, confidence: HIGH, cwe: ["CWE-95: Eval Injection"]}}
  - {id: team.eval, languages: [javascript], severity: HIGH, message: Text is run as code., pattern: eval(...),
     metadata: {title: Text run as code, category: security, confidence: HIGH, cwe: ["CWE-95: Eval Injection"]}}
"""


@dataclass(frozen=True)
class Measured:
    """One stage in a process of its own."""

    wall_s: float
    peak_mb: float


def tree(count: int) -> Iterator[tuple[str, bytes]]:
    """Path and content of `count` files of about 4 KB, two thirds Python; every tenth has a finding."""
    yield ".oreva.yml", b"builtin_rules: false\nrules: [rules]\n"
    yield "rules/team.yaml", RULES.encode()
    for n in range(count):
        folder = f"package_{n // 200:03}/part_{n // 20 % 10}"
        if n % 3:
            body = "".join(
                f"def f{n}_{i}(a, b):\n    c = a + b * {i}\n    return [c, '{n} {i}']\n\n" for i in range(60)
            )
            yield f"{folder}/m{n:05}.py", (body + (f"exec(input({n}))\n" if n % 10 == 0 else "")).encode()
        else:
            body = "".join(f"export function f{n}_{i}(a, b) {{\n  return a + b * {i};\n}}\n" for i in range(70))
            yield f"{folder}/m{n:05}.js", (body + (f"eval(location.hash + {n});\n" if n % 10 == 0 else "")).encode()


def archive(files: Iterator[tuple[str, bytes]]) -> bytes:
    """The files as a tar.gz."""
    body = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=body, mode="wb", compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for path, content in files:
            info = tarfile.TarInfo(path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return body.getvalue()


def stage(name: str, event: str) -> None:
    """Run one stage in this process; the answer and what it took go to standard output."""
    services = Services()
    began = time.perf_counter()
    answer: Model
    match name:
        case "fetch":
            answer = fetch.run(StageMessage.model_validate_json(event), services)
        case "scan":
            answer = scan.run(ShardMessage.model_validate_json(event), services)
        case "deduplicate":
            answer = deduplicate.run(StageMessage.model_validate_json(event), services)
        case "triage":
            answer = triage.run(BatchMessage.model_validate_json(event), services)
        case _:
            answer = report.run(StageMessage.model_validate_json(event), services)
    wall = time.perf_counter() - began
    status = Path("/proc/self/status").read_text(encoding="ascii")  # `ru_maxrss` would begin with that of the parent
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"wall_s": wall, "peak_mb": peak, "answer": answer.model_dump(mode="json")}))


def run(name: str, message: Model) -> tuple[Measured, dict[str, object]]:
    """Run one stage in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.stages", "--stage", name]
    done = subprocess.run(
        command, cwd=ROOT, input=message.model_dump_json(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Measured(told["wall_s"], told["peak_mb"]), told["answer"]


def upload(body: bytes) -> ScanRequest:
    """Upload an archive and ask for its scan."""
    services = Services()
    services.artifacts.put(layout.upload("benchmark-upload"), body)
    source = Source(provider="archive", repository="benchmark")
    request = make_request(source, trigger="manual", requested_by="benchmark")
    request = request.model_copy(update={"upload_id": "benchmark-upload"})
    start(request, services)
    return request


def pipeline(request: ScanRequest) -> None:
    """All stages of one scan; prints a line for each."""
    message = StageMessage(request=request)
    measured, receipt = run("fetch", message)
    print(_row("Fetch", measured, f"{receipt['files']:,} files, {receipt['cached']:,} results known"))
    items = json.loads(Services().artifacts.get(str(receipt["shards_key"])))
    shards = [run("scan", ShardMessage.model_validate(item))[0] for item in items]
    if shards:
        worst = Measured(max(m.wall_s for m in shards), max(m.peak_mb for m in shards))
        print(_row("Scan, the worst", worst, f"{len(shards)} shards"))
    measured, receipt = run("deduplicate", message)
    batches = receipt["batches"]
    assert isinstance(batches, list)
    print(_row("Deduplicate", measured, f"{receipt['findings']:,} findings, {len(batches)} batches"))
    judged = [run("triage", BatchMessage(request=request, batch=number))[0] for number in batches]
    if judged:
        worst = Measured(max(m.wall_s for m in judged), max(m.peak_mb for m in judged))
        print(_row("Triage, the worst", worst, "heuristic"))
    measured, receipt = run("report", message)
    print(_row("Report", measured, f"{receipt['new']:,} new, {receipt['gaps']:,} gaps"))


def _row(name: str, measured: Measured, what: str) -> str:
    return f"| {name} | {measured.wall_s:.1f} s | {measured.peak_mb:.0f} MB | {what} |"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--stage", help="run one stage on the event on standard input")
    options = parser.parse_args()
    if options.stage:
        stage(options.stage, sys.stdin.read())
        return
    import boto3  # noqa: PLC0415  (what follows is no part of a stage, and would be counted as its memory)
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    from oreva.store.dynamodb import create_table  # noqa: PLC0415
    from tests.contract.dynamodb_server import DynamoDbServer  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    dynamodb = DynamoDbServer().__enter__()
    host, port = server.get_host_and_port()
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb.url,
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "OREVA_TABLE": NAME,
        "OREVA_BUCKET": NAME,
        "OREVA_BUS": NAME,
        "OREVA_TRIAGE": "heuristic",
    }
    boto3.client("s3").create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    create_table(boto3.client("dynamodb"), NAME)
    boto3.client("events").create_event_bus(Name=NAME)
    files = dict(tree(options.files))
    size = sum(len(content) for content in files.values())
    print(f"{len(files):,} files, {size / 1024**2:.0f} MB\n")
    for title, change in (("Nothing known", b""), ("One file changed", b"exec(input())\n")):
        print(f"{title}\n\n| stage | wall | peak memory | |\n| :-- | --: | --: | :-- |")
        path = "package_000/part_0/m00001.py"
        pipeline(upload(archive(iter({**files, path: files[path] + change}.items()))))
        print()
    dynamodb.__exit__()
    server.stop()


if __name__ == "__main__":
    main()
