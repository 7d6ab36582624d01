# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Turn a source folder that we ship into a git repository, so that a sync has one path only.

The repository is made from bytes, names and fixed dates alone, and its commit id is the same on
every host. Its objects are written here, in git's documented form (gitformat-loose(5)): neither the
user's settings nor the permissions that an installer left can change them.
"""

import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build import resources
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.model.manifest import CommitId
from sel4build.writing import explaining_os_errors

BUNDLED_BRANCHES = (None, "main", "refs/heads/main")
"""The revisions that a bundled source has."""

_IDENTITY = "The sel4build authors <noreply@sel4build.invalid> 1767225600 +0000"
_MESSAGE = "Sources that come with sel4build\n"
_FILE, _SCRIPT, _FOLDER = "100644", "100755", "40000"
_CONFIG = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
_SKIPPED = "__pycache__"

Objects = dict[str, bytes]
"""Loose objects by id, as they lie on disk but not compressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledRepository:
    """A bare repository in the user cache."""

    git_dir: Path
    commit: CommitId


def open_bundled(name: str, *, cache_dir: Path, commit: str | None = None) -> BundledRepository:
    """Return the repository of the bundled source `name`, made now when it is not there yet.

    With `commit`, a repository of that commit is preferred: one that an earlier release of this
    program has left. Raises InputError when there is no such source.
    """
    folder = cache_dir / "bundled" / name
    if commit is not None and (folder / f"{commit}.git").is_dir():
        return BundledRepository(git_dir=folder / f"{commit}.git", commit=CommitId(commit))
    source_dir = resources.data_root("apps") / name / "source"
    if not source_dir.is_dir():
        message = f"sel4build comes with no source `{name}`"
        raise InputError(message)
    objects, made = compose_objects(_read_sources(source_dir))
    git_dir = folder / f"{made}.git"
    if not git_dir.is_dir():
        with explaining_os_errors(git_dir):
            _write_repository(git_dir, objects, made)
    return BundledRepository(git_dir=git_dir, commit=made)


def compose_objects(sources: Mapping[str, bytes]) -> tuple[Objects, CommitId]:
    """Return all objects of a repository with one commit of `sources` (path to bytes), and its id.

    A file that begins with `#!` is executable.
    """
    objects: Objects = {}
    tree = _add_tree(objects, sources)
    text = f"tree {tree}\nauthor {_IDENTITY}\ncommitter {_IDENTITY}\n\n{_MESSAGE}"
    return objects, CommitId(_add(objects, "commit", text.encode()))


def _read_sources(source_dir: Path) -> dict[str, bytes]:
    def walk(folder: Path) -> Iterator[Path]:
        for each in sorted(folder.iterdir()):
            if each.name.startswith(".") or each.name == _SKIPPED:
                continue
            if each.is_dir():
                yield from walk(each)
            else:
                yield each

    try:
        return {
            each.relative_to(source_dir).as_posix(): each.read_bytes() for each in walk(source_dir)
        }
    except OSError as error:
        message = f"the sources in `{source_dir}` cannot be read: {error.strerror}"
        raise EnvironmentLacksError(message) from error


def _add_tree(objects: Objects, sources: Mapping[str, bytes]) -> str:
    folders: dict[str, dict[str, bytes]] = {}
    entries: list[tuple[str, str, str]] = []  # what git sorts by, mode and name, object id
    for path, content in sources.items():
        name, slash, rest = path.partition("/")
        if slash:
            folders.setdefault(name, {})[rest] = content
            continue
        mode = _SCRIPT if content.startswith(b"#!") else _FILE
        entries.append((name, f"{mode} {name}", _add(objects, "blob", content)))
    for name, inner in folders.items():
        entries.append((f"{name}/", f"{_FOLDER} {name}", _add_tree(objects, inner)))
    body = b"".join(
        head.encode() + b"\0" + bytes.fromhex(id_)
        for _key, head, id_ in sorted(entries, key=lambda entry: entry[0].encode())
    )
    return _add(objects, "tree", body)


def _add(objects: Objects, kind: str, body: bytes) -> str:
    content = f"{kind} {len(body)}\0".encode() + body
    id_ = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    objects[id_] = content
    return id_


def _write_repository(git_dir: Path, objects: Objects, commit: CommitId) -> None:
    """Make the repository beside its place and rename it there, whole.

    Of two processes that do so at once, one keeps what it made and the other throws it away.
    """
    git_dir.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="new-", dir=git_dir.parent))
    try:
        (made / "refs" / "heads").mkdir(parents=True)
        (made / "HEAD").write_text("ref: refs/heads/main\n")
        (made / "config").write_text(_CONFIG)
        (made / "refs" / "heads" / "main").write_text(f"{commit}\n")
        for id_, content in objects.items():
            folder = made / "objects" / id_[:2]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / id_[2:]).write_bytes(zlib.compress(content))
        made.chmod(0o755)
        if not git_dir.is_dir():
            _rename(made, git_dir)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _rename(made: Path, git_dir: Path) -> None:
    try:
        os.rename(made, git_dir)  # noqa: PTH104  a rename that fails when the place is taken
    except OSError:
        if not git_dir.is_dir():
            raise
