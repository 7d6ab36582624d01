# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Open the manifest of a workspace, wherever it comes from.

One with a URL is checked out below `.sel4build/`, which is ours alone and may be overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.errors import InputError, Sel4BuildError
from sel4build.git.client import Git
from sel4build.git.failure import GitError, explain_remote_error
from sel4build.git.remotes import GitRemote
from sel4build.git.repository import Repository
from sel4build.git.safety import bundled_name, why_bad_revision, why_bad_url, without_credentials
from sel4build.git.supply import FetchOptions, Supplier, Wanted
from sel4build.manifest import ManifestFiles, find_manifest, load_manifest
from sel4build.manifest.extras import explain_missing, explain_unused
from sel4build.model.lock import ManifestOrigin
from sel4build.model.manifest import CommitId, Manifest, is_commit_id
from sel4build.model.paths import RelPath
from sel4build.model.reporter import Reporter, SilentReporter, TaskEnd
from sel4build.model.workspace import Workspace
from sel4build.workspace.verifying import Verifier

_TASK = "manifest"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedManifest:
    """A manifest with the commit of its repository, when it has one."""

    manifest: Manifest
    commit: CommitId | None = None


def open_manifest(
    workspace: Workspace,
    origin: ManifestOrigin,
    *,
    git: Git,
    overlays: Sequence[Path] = (),
    reporter: Reporter | None = None,
    fetch: FetchOptions | None = None,
    verifier: Verifier | None = None,
) -> OpenedManifest:
    """Load the manifest of `origin`; one with a URL is fetched first.

    The workspace's local manifests come after it. What it asks for and has no effect is said. A
    branch or tag is asked for again each time; a commit that is there needs no network. `verifier`
    judges the commit before it is checked out. The caller holds the workspace.
    """
    reporter = reporter or SilentReporter()
    if origin.url is None:
        files = find_manifest(origin, base_dir=workspace.root, overlays=overlays)
        return OpenedManifest(manifest=_load(workspace, files, origin, reporter))
    _check(origin)
    reporter.start(_TASK)
    try:
        commit = _check_out(
            workspace,
            origin,
            git=git.knowing([origin.url]),
            fetch=replace(fetch or FetchOptions(), depth=None, filter_spec=None),
            reporter=reporter,
            verifier=verifier,
        )
    except BaseException:
        reporter.finish(_TASK, end=TaskEnd.FAILED)
        raise
    reporter.finish(_TASK, detail=commit[:12])
    files = ManifestFiles(root_dir=workspace.manifest_dir, file=origin.file, url=origin.url)
    return OpenedManifest(manifest=_load(workspace, files, origin, reporter), commit=commit)


def _load(
    workspace: Workspace, files: ManifestFiles, origin: ManifestOrigin, reporter: Reporter
) -> Manifest:
    files = replace(files, local_dir=workspace.local_manifests_dir)
    manifest = load_manifest(files, groups=origin.groups)
    for line in explain_missing(manifest):
        reporter.warn(line)
    for line in explain_unused(manifest):
        reporter.note(line)
    return manifest


def _check_out(
    workspace: Workspace,
    origin: ManifestOrigin,
    *,
    git: Git,
    fetch: FetchOptions,
    reporter: Reporter,
    verifier: Verifier | None,
) -> CommitId:
    url = origin.url or ""
    bare_url = without_credentials(url)
    try:
        if origin.revision is not None and is_commit_id(origin.revision):
            commit, upstream = CommitId(origin.revision), None
        else:
            commit = git.resolve_revision(bare_url, origin.revision, base_dir=workspace.root)
            upstream = origin.revision
        repository = Repository(git=git, work_tree=workspace.manifest_dir)
        is_bundled = bundled_name(bare_url) is not None
        location = git.locate(bare_url, base_dir=workspace.root, commit=commit)
        repository.create(None if is_bundled else GitRemote(url=location))
        repository.remove_stale_files()
        wanted = Wanted(commit=commit, url=bare_url, upstream=upstream)
        Supplier(git, base_dir=workspace.root, options=fetch, reporter=reporter).supply(
            repository.git_dir, wanted
        )
        if verifier is not None:
            verifier.verify_manifest(repository.git_dir, wanted)
        repository.check_out(commit, force=True)
    except GitError as error:
        raise _explained(error, url=url, revision=origin.revision or "HEAD") from error
    return commit


def _explained(error: GitError, *, url: str, revision: str) -> Sel4BuildError:
    return explain_remote_error(
        error, subject="the manifest", url=url, revision=revision, done="fetched"
    )


def _check(origin: ManifestOrigin) -> None:
    """Raise InputError for values that git must not see."""
    shown = without_credentials(origin.url or "")
    if reason := why_bad_url(origin.url or ""):
        message = f"the manifest's URL ({shown!r}) {reason}"
        raise InputError(message)
    if origin.revision is not None and (reason := why_bad_revision(origin.revision)):
        message = f"the manifest's revision ({origin.revision!r}) {reason}"
        raise InputError(message)
    try:
        RelPath.parse(origin.file)
    except ValueError as error:
        message = f"the manifest's file: {error}"
        raise InputError(message) from error
