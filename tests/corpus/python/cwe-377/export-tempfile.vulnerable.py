import csv
import os
import tempfile
from collections.abc import Iterable, Mapping


class CsvExport:
    columns = ("id", "email", "plan", "created")

    def __init__(self, rows: Iterable[Mapping[str, object]]) -> None:
        self.rows = rows

    def write(self) -> str:
        path = tempfile.mktemp(suffix=".csv", prefix="export-")
        with open(path, "w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, self.columns, extrasaction="ignore")
            writer.writeheader()
            for row in self.rows:
                writer.writerow(row)
        return path


def send_export(rows, mailer, recipient: str) -> None:
    path = CsvExport(rows).write()
    try:
        with open(path, "rb") as stream:
            mailer.send(recipient, "Your export", attachment=stream.read())
    finally:
        os.unlink(path)
