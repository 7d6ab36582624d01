# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Ready-made tools that upstream would build itself: parse-capDL.

A tool is kept with the sources that it stands for: the commit, and the tree of the tool's folder in
it. It is given to a workspace only where its sources are the same, through upstream's own memo
(seL4_tools memoize.cmake): `<cache>/<key>/<md5 of the commit>/code.tar.gz`.
"""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.writing import explaining_os_errors, write_if_changed

_RECORD = "tool.json"
_ARCHIVE = "code.tar.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSources:
    """The sources that a tool is built from: the commit, and the tree of the folder in it."""

    commit: str
    tree: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTool:
    """A tool that was added, and the sources that it stands for."""

    name: str
    file: Path
    sha256: str
    sources: ToolSources

    def serves(self, sources: ToolSources) -> bool:
        """Tell whether it is what `sources` would build."""
        same_tree = self.sources.tree is not None and self.sources.tree == sources.tree
        return same_tree or self.sources.commit == sources.commit


def memo_file(memo_dir: Path, key: str, commit: str) -> Path:
    """Return where upstream looks for what it built from `commit` before.

    The md5 is over the extra arguments, which the capDL tool has none of, and the commit
    (seL4_tools cmake-tool/helpers/memoize.cmake).
    """
    digest = hashlib.md5(commit.encode(), usedforsecurity=False).hexdigest()
    return memo_dir / key / digest / _ARCHIVE


def add_ready_tool(name: str, file: Path, sources: ToolSources, cache_dir: Path) -> ReadyTool:
    """Keep a copy of `file` as the tool that `sources` build, in the place of an earlier one."""
    with explaining_os_errors(file):
        content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    folder = _folder(cache_dir, name) / sources.commit
    kept = folder / name
    write_if_changed(kept, content)
    with explaining_os_errors(kept):
        kept.chmod(0o755)
    record = {"sha256": digest, "commit": sources.commit, "tree": sources.tree}
    write_if_changed(folder / _RECORD, json.dumps({"version": 1, **record}) + "\n")
    return ReadyTool(name=name, file=kept, sha256=digest, sources=sources)


def ready_tools(name: str, cache_dir: Path) -> Iterator[ReadyTool]:
    """Yield the tools of that name that are whole."""
    for record_file in sorted(_folder(cache_dir, name).glob(f"*/{_RECORD}")):
        file = record_file.with_name(name)
        try:
            record = json.loads(record_file.read_text())
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            if digest == record["sha256"]:
                sources = ToolSources(commit=str(record["commit"]), tree=record["tree"])
                yield ReadyTool(name=name, file=file, sha256=digest, sources=sources)
        except (OSError, ValueError, LookupError, TypeError):
            continue


def remove_ready_tools(name: str, cache_dir: Path) -> tuple[Path, ...]:
    """Remove the tools of that name; return the files that were kept."""
    files = tuple(each.file for each in ready_tools(name, cache_dir))
    shutil.rmtree(_folder(cache_dir, name), ignore_errors=True)
    return files


def fill_memo(tool: ReadyTool, file: Path) -> None:
    """Write the archive that upstream unpacks, bytes fixed but for the tool's own."""
    content = tool.file.read_bytes()
    entry = tarfile.TarInfo(tool.name)
    entry.size, entry.mode = len(content), 0o755
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=1) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        archive.addfile(entry, io.BytesIO(content))
    write_if_changed(file, packed.getvalue())


def _folder(cache_dir: Path, name: str) -> Path:
    return cache_dir / "tools" / name
