# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Submodules of projects that ask for them (`sync-s`), as projects of their own.

The commit of a project pins them, so that they are not in the lock. What a commit was found to have
is kept in `.sel4build/submodules.json`, which is safe to lose.
"""

import dataclasses
import json
import logging
from collections.abc import Iterable

from sel4build.errors import InputError, Sel4BuildError
from sel4build.git.client import Git
from sel4build.git.failure import GitError
from sel4build.git.safety import url_site, without_credentials
from sel4build.git.submodules import BadSubmodulesError, Submodule, read_submodules
from sel4build.manifest.urls import is_absolute, resolve_fetch
from sel4build.model.lock import Lock, LockedProject
from sel4build.model.manifest import CommitId
from sel4build.model.paths import RelPath
from sel4build.model.workspace import Workspace
from sel4build.reading import parse_json, read_text
from sel4build.writing import write_if_changed

_MOST_PARTS = 64  # a repository that holds itself under another URL would go on for ever

_LOG = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubmodule:
    """A submodule that a commit was found to have; `path` is relative to the project."""

    path: RelPath
    commit: CommitId
    url: str
    shallow: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All submodules of a project at a commit."""

    path: RelPath
    url: str
    commit: CommitId
    submodules: tuple[KnownSubmodule, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    projects: tuple[Known, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WholeLock:
    """A lock with the submodules that are known, and the projects whose own are not known yet."""

    lock: Lock
    unread: tuple[LockedProject, ...] = ()


def with_submodules(workspace: Workspace, lock: Lock) -> WholeLock:
    """Return `lock` with the submodules of its projects, those of these, and so on."""
    if not any(each.sync_s for each in lock.projects):
        return WholeLock(lock=lock)
    known = {(each.path, each.url, each.commit): each for each in _load(workspace)}
    projects = {each.path: each for each in lock.projects}
    unread: list[LockedProject] = []
    waiting = [each for each in lock.projects if each.sync_s]
    while waiting:
        project = waiting.pop()
        found = known.get((project.path, project.url, project.commit))
        if found is None:
            unread.append(project)
            continue
        inner = [_as_project(project, each) for each in found.submodules]
        # As in git-repo, what the manifest itself puts there counts.
        inner = [each for each in inner if each.path not in projects]
        projects |= {each.path: each for each in inner}
        waiting += inner
    return WholeLock(
        lock=dataclasses.replace(lock, projects=tuple(projects[path] for path in sorted(projects))),
        unread=tuple(sorted(unread, key=lambda project: project.path)),
    )


def learn_submodules(
    workspace: Workspace,
    projects: Iterable[LockedProject],
    *,
    git: Git,
    are_placed: bool = True,
) -> bool:
    """Read and record the submodules of projects; tell if any could be read.

    Without `are_placed` there are only the homes of their git directories. Raises InputError for
    what is unsafe or cannot be followed.
    """
    fresh: list[Known] = []
    for project in projects:
        git_dir = project.path.below(workspace.root) / ".git"
        if not are_placed:
            git_dir = workspace.git_home(project.path)
        if not git_dir.is_dir():
            continue
        try:
            submodules = read_submodules(git, git_dir, project.commit)
        except BadSubmodulesError as error:
            raise _refusal(project, str(error)) from error
        except GitError as error:
            _LOG.info("submodules of `%s` are not known: %s", project.path, error.reason)
            continue
        fresh.append(
            Known(
                path=project.path,
                url=project.url,
                commit=project.commit,
                submodules=tuple(_known(project, each) for each in submodules),
            )
        )
    if fresh:
        _store(workspace, fresh)
    return bool(fresh)


def _as_project(parent: LockedProject, submodule: KnownSubmodule) -> LockedProject:
    return LockedProject(
        name=f"{parent.name}/{submodule.path}",
        path=RelPath(f"{parent.path}/{submodule.path}"),
        url=submodule.url,
        commit=submodule.commit,
        groups=parent.groups,
        clone_depth=1 if submodule.shallow else None,
        remote=parent.remote,
        sync_s=True,
        sync_tags=parent.sync_tags,
    )


def _known(project: LockedProject, submodule: Submodule) -> KnownSubmodule:
    """Return a submodule with its URL resolved; raise InputError when that may not be used."""
    url = submodule.url
    if url.startswith(("./", "../")):
        # gitmodules(5): relative to the repository around it.
        url = resolve_fetch(url, base=f"{project.url}/_") or url
    elif not is_absolute(url) and not url.startswith("/"):
        raise _refusal(project, f"the URL of its submodule `{submodule.path}` is no whole URL")
    if _is_local(url) and not _is_local(project.url):
        # CVE-2022-39253 and its like: who serves a project may not choose files of this host.
        raise _refusal(project, f"the URL of its submodule `{submodule.path}` is a path here")
    if len(project.path.parts) + len(submodule.path.parts) > _MOST_PARTS:
        raise _refusal(project, f"its submodule `{submodule.path}` lies too deep")
    return KnownSubmodule(
        path=submodule.path,
        commit=submodule.commit,
        url=without_credentials(url),
        shallow=submodule.is_shallow,
    )


def _is_local(url: str) -> bool:
    site = url_site(url)
    return url.startswith(("/", "file:")) or (site is None and not is_absolute(url))


def _refusal(project: LockedProject, reason: str) -> InputError:
    message = f"submodules of project `{project.path}` at `{project.commit[:12]}`: {reason}"
    hint = "without `sync-s` in the manifest they are left out"
    return InputError(message, hint=hint)


def _load(workspace: Workspace) -> tuple[Known, ...]:
    path = workspace.submodules_file
    if not path.is_file():
        return ()
    try:
        return parse_json(read_text(path), str(path), _Record).projects
    except Sel4BuildError as error:
        _LOG.warning("%s; it is made anew", error.message)
        return ()


def _store(workspace: Workspace, fresh: Iterable[Known]) -> None:
    """Put what is fresh in the place of what was known of the same projects."""
    known = {each.path: each for each in _load(workspace)} | {each.path: each for each in fresh}
    table = {
        "version": 1,
        "projects": [
            {
                "path": each.path.text,
                "url": each.url,
                "commit": each.commit,
                "submodules": [
                    {
                        "path": one.path.text,
                        "commit": one.commit,
                        "url": one.url,
                        "shallow": one.shallow,
                    }
                    for one in each.submodules
                ],
            }
            for each in (known[path] for path in sorted(known))
        ],
    }
    write_if_changed(workspace.submodules_file, json.dumps(table, indent=1) + "\n")
