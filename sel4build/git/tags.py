# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Annotated tags that lead to a commit: found in a git directory, fetched into one.

A sync fetches no tags. Those that somebody needs, to know who vouches for a commit, are kept under
`refs/sel4build/tags/`, out of the way of the user's own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.git.capture import capture
from sel4build.git.client import Git
from sel4build.git.environment import compose_environment
from sel4build.git.failure import explain_failure
from sel4build.git.git_dir import KEPT, GitDir
from sel4build.git.program import git_path
from sel4build.git.safety import why_bad_revision
from sel4build.model.manifest import CommitId

_LINE = re.compile(
    rf"^([0-9a-f]{{40}})[ \t]({KEPT}/tags/|refs/tags/)(\S+?)(\^\{{\}})?$", re.MULTILINE
)
_MOST_TAGS = 50  # a server may name as many as it likes


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAt:
    """A tag that is an object of its own, by the name of its reference without `refs/tags/`."""

    name: str
    id: str
    ref: str
    objects: Path
    """The folder of objects that holds it."""


def find_tags(git_dir: GitDir, commit: CommitId) -> tuple[TagAt, ...]:
    """Return the annotated tags of a git directory that lead to `commit`, by name."""
    text = _output(
        git_dir.git, f"--git-dir={git_dir.path}", "show-ref", "--dereference", cwd=git_dir.path
    )
    return tuple(_parse(text or "", commit, git_dir.path / "objects"))


def fetch_tags(git_dir: GitDir, commit: CommitId, *, location: str, first: str | None) -> None:
    """Fetch the annotated tags of a remote that lead to `commit`, beginning with `first`.

    Raises GitError.
    """
    git = git_dir.git
    words = ("ls-remote", "--quiet", "--tags", "--end-of-options", location)
    text = git_dir.connections.attempt(
        location, lambda: _output(git, *words, cwd=git_dir.path, is_strict=True)
    )
    tags = tuple(_parse(text or "", commit, git_dir.path / "objects"))
    _fetch(git_dir, commit, tags, location, first=first)


def take_tags(git_dir: GitDir, commit: CommitId, *, source: GitDir) -> None:
    """Take the tags that lead to `commit` from another git directory of ours; raises GitError."""
    _fetch(git_dir, commit, find_tags(source, commit), str(source.path))


def _fetch(
    git_dir: GitDir,
    commit: CommitId,
    tags: tuple[TagAt, ...],
    location: str,
    *,
    first: str | None = None,
) -> None:
    ordered = sorted(tags, key=lambda tag: (tag.name != first, tag.name))[:_MOST_TAGS]
    known = {each.id for each in find_tags(git_dir, commit)}
    refspecs = [f"+{tag.ref}:{KEPT}/tags/{tag.name}" for tag in ordered if tag.id not in known]
    if refspecs:
        depth = () if git_dir.depth is None else (f"--depth={git_dir.depth}",)
        options = ("--progress", "--no-tags", "--no-auto-gc", "--no-write-fetch-head", *depth)
        words = ("fetch", *options, "--end-of-options", location, *refspecs)
        git_dir.connections.attempt(
            location,
            lambda: git_dir.git.run(
                f"--git-dir={git_dir.path}",
                *words,
                cwd=git_dir.path,
                silence_s=git_dir.git.longest_silence_s,
            ),
        )


def _parse(text: str, commit: CommitId, objects: Path) -> Iterator[TagAt]:
    """Read lines of git-show-ref(1) or git-ls-remote(1).

    A tag that is an object stands there twice; the second time, with `^{}`, for what it leads to.
    """
    ids: dict[tuple[str, str], str] = {}
    for id_, folder, name, is_peeled in _LINE.findall(text):
        if not is_peeled:
            ids[folder, name] = id_
        elif id_ == commit and (folder, name) in ids and why_bad_revision(name) is None:
            yield TagAt(name=name, id=ids[folder, name], ref=f"{folder}{name}", objects=objects)


def _output(git: Git, *args: str, cwd: Path, is_strict: bool = False) -> str | None:
    """Return all that git writes, which may be more than `Git.run` keeps."""
    env = compose_environment(git.environ, rewrites=git.rewrites, is_offline=git.is_offline)
    argv = (str(git_path(git.environ)), *args)
    done = capture(git.runner, argv, cwd=cwd, env=env, silence_s=git.longest_silence_s)
    if done.outcome.succeeded:
        return done.text
    if is_strict:
        raise explain_failure(done.outcome)
    return None
