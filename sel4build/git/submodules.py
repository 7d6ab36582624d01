# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read which submodules a commit has; nothing of `git submodule` is run.

The tree says where they are and at which commit, `.gitmodules` only from where they come; all else
that it may ask for (`update`, `branch`, `ignore`) has no effect. gitmodules(5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sel4build.git.capture import capture
from sel4build.git.client import Git
from sel4build.git.environment import compose_environment
from sel4build.git.failure import GitError, explain_failure
from sel4build.git.program import git_path
from sel4build.git.safety import why_bad_url
from sel4build.model.manifest import CommitId, is_commit_id
from sel4build.model.paths import RelPath

FILE = ".gitmodules"
_SECTION = "submodule."
_FILE_MODES = frozenset({"100644", "100755"})
_LINK_MODE = "160000"
_MOST_BYTES = 1024 * 1024
_MOST = 1000


class BadSubmodulesError(ValueError):
    """What a repository says of its submodules cannot be followed; the text is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submodule:
    """A submodule by its path in the work tree; `url` is as written, and may be given to git."""

    path: RelPath
    commit: CommitId
    url: str
    is_shallow: bool = False


def read_submodules(git: Git, git_dir: Path, commit: CommitId) -> tuple[Submodule, ...]:
    """Return the submodules of `commit`, by path.

    Raises BadSubmodulesError, and GitError when git cannot read the commit.
    """
    found = dict(_entries(git, git_dir, commit, (FILE,)))
    if FILE not in found:
        return ()
    mode, blob = found[FILE]
    if mode not in _FILE_MODES:
        raise BadSubmodulesError(f"its `{FILE}` is no plain file")
    if int(_run(git, git_dir, "cat-file", "-s", blob)) > _MOST_BYTES:
        raise BadSubmodulesError(f"its `{FILE}` has more than {_MOST_BYTES} bytes")
    wanted: dict[str, Submodule] = {}
    try:
        text = _run(git, git_dir, "config", "--blob", blob, "--null", "--list")
    except GitError as error:
        raise BadSubmodulesError(f"its `{FILE}` cannot be read: {error.reason}") from error
    for name, settings in _parse(text).items():
        submodule = _submodule(name, settings)
        if submodule is not None and wanted.setdefault(submodule.path.text, submodule) != submodule:
            raise BadSubmodulesError(f"two submodules are at `{submodule.path}`")
    if len(wanted) > _MOST:
        raise BadSubmodulesError(f"it has more than {_MOST} submodules")
    links = dict(_entries(git, git_dir, commit, tuple(wanted)))
    return tuple(
        Submodule(
            path=wanted[path].path,
            commit=CommitId(links[path][1]),
            url=wanted[path].url,
            is_shallow=wanted[path].is_shallow,
        )
        for path in sorted(wanted)
        if path in links and links[path][0] == _LINK_MODE and is_commit_id(links[path][1])
    )


def _parse(text: str) -> dict[str, dict[str, str]]:
    """Return the settings by the names of submodules; the last of a key counts."""
    sections: dict[str, dict[str, str]] = {}
    for each in text.split("\0"):
        key, _newline, value = each.partition("\n")
        if key.startswith(_SECTION):
            name, _dot, setting = key.removeprefix(_SECTION).rpartition(".")
            sections.setdefault(name, {})[setting] = value
    return sections


def _submodule(name: str, settings: dict[str, str]) -> Submodule | None:
    """Return a submodule without its commit; None for one that says too little."""
    path, url = settings.get("path"), settings.get("url")
    if not path or not url:
        return None
    try:
        place = RelPath.parse(path)
    except ValueError as error:
        raise BadSubmodulesError(f"its submodule {name!r}: {error}") from error
    if reason := why_bad_url(url):
        raise BadSubmodulesError(f"the URL of its submodule `{place}` {reason}")
    is_shallow = settings.get("shallow", "").lower() == "true"
    return Submodule(path=place, commit=CommitId(""), url=url, is_shallow=is_shallow)


def _entries(
    git: Git, git_dir: Path, commit: CommitId, paths: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the mode and the object of those of `paths` that the commit has, by path."""
    if not paths:
        return
    text = _run(git, git_dir, "ls-tree", "-z", "--full-tree", commit, "--", *paths)
    for each in text.split("\0"):
        head, tab, path = each.partition("\t")
        words = head.split(" ")
        if tab and len(words) == len(("mode", "type", "object")):
            yield path, (words[0], words[2])


def _run(git: Git, git_dir: Path, *args: str) -> str:
    """Return all that git writes, which may be more than `Git.run` keeps."""
    argv = (str(git_path(git.environ)), f"--git-dir={git_dir}", *args)
    env = compose_environment(git.environ, rewrites=git.rewrites, is_offline=git.is_offline)
    done = capture(git.runner, argv, cwd=git_dir, env=env)
    if not done.outcome.succeeded:
        raise explain_failure(done.outcome)
    return done.text
