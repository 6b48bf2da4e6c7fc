"""One repository of the local GitHub API, kept in a bare git repository."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Repository:
    """One repository."""

    name: str
    folder: Path
    default_branch: str
    private: bool
    number: int
    checks: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)

    def git(self, *arguments: str, given: bytes = b"") -> bytes:
        done = subprocess.run(
            ["git", "--git-dir", str(self.folder), *arguments], input=given, capture_output=True, check=True
        )
        return done.stdout

    def commit(self, committish: str) -> str | None:
        """The id of a commit, or None; a branch or tag is found by its name, as on GitHub."""
        for name in (committish, f"refs/{committish}"):
            try:
                return self.git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
            except subprocess.CalledProcessError:
                continue
        return None

    def push(self, files: Mapping[str, bytes | str], ref: str, on_top_of: str | None, message: str) -> str:
        """Commit exactly these files to a ref; returns the commit."""
        text = message.encode()
        stream = b"commit %s\ncommitter Ana <ana@example.org> %d +0000\n" % (ref.encode(), 1_700_000_000)
        stream += b"data %d\n%s\n" % (len(text), text)
        if on_top_of:
            stream += b"from %s\n" % on_top_of.encode()
        stream += b"deleteall\n"
        for path, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            stream += b'M 100644 inline "%s"\ndata %d\n%s\n' % (quoted.encode(), len(raw), raw)
        self.git("fast-import", "--quiet", "--force", given=stream)
        made = self.commit(ref)
        assert made is not None
        return made
