# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Open the manifest of a workspace, wherever it comes from.

One with a URL is checked out below `.sel4build/`, which is ours alone and may be overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.errors import InputError
from sel4build.git.client import Git
from sel4build.git.failure import GitError, explain_remote_error
from sel4build.git.remotes import GitRemote
from sel4build.git.repository import Repository
from sel4build.git.safety import bundled_name, why_bad_revision, why_bad_url, without_credentials
from sel4build.git.supply import FetchOptions, Supplier, Wanted
from sel4build.manifest import ManifestFiles, find_manifest, load_manifest
from sel4build.manifest.extras import explain_unused, warn_of_manifest
from sel4build.manifest.submanifests import SubmanifestSource
from sel4build.manifest.xml import problems_error
from sel4build.model.lock import ManifestOrigin
from sel4build.model.manifest import CommitId, Manifest, is_commit_id
from sel4build.model.paths import RelPath
from sel4build.model.reporter import Reporter, SilentReporter, TaskEnd
from sel4build.model.workspace import Workspace
from sel4build.workspace.submanifests import Pins, as_origin, join_submanifests
from sel4build.workspace.verifying import Verifier

_TASK = "manifest"
_SUBJECT = "the manifest"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedManifest:
    """A manifest with the commit of its repository, when it has one."""

    manifest: Manifest
    commit: CommitId | None = None
    base: str | None = None
    """What its relative URLs are joined to."""


def open_manifest(  # noqa: PLR0913 - one parameter an effect or a wish
    workspace: Workspace,
    origin: ManifestOrigin,
    *,
    git: Git,
    overlays: Sequence[Path] = (),
    reporter: Reporter | None = None,
    fetch: FetchOptions | None = None,
    verifier: Verifier | None = None,
    pins: Pins | None = None,
    is_strict: bool = False,
) -> OpenedManifest:
    """Load the manifest of `origin`; one with a URL is fetched first.

    The workspace's local manifests come after it. What it asks for and has no effect is said, and
    what was passed over; with `is_strict` that is a ProblemsError, as if git-repo refused it. A
    branch or tag is asked for again each time; a commit that is there needs no network. `verifier`
    judges the commit before it is checked out. Submanifests are fetched as well, at the commits of
    `pins` where these are of what is wanted. The caller holds the workspace.
    """
    reporter = reporter or SilentReporter()
    fetching = _Fetching(
        base_dir=workspace.root,
        git=git.knowing([origin.url]),
        fetch=replace(fetch or FetchOptions(), depth=None, filter_spec=None),
        reporter=reporter,
        verifier=verifier,
    )
    commit = None
    if origin.url is None:
        files = find_manifest(origin, base_dir=workspace.root, overlays=overlays)
    else:
        _check(origin)
        commit = fetching.check_out(workspace.manifest_dir, origin)
        files = ManifestFiles(root_dir=workspace.manifest_dir, file=origin.file, url=origin.url)
    files = replace(files, local_dir=workspace.local_manifests_dir)
    manifest = load_manifest(files, groups=origin.groups)
    for line in explain_unused(manifest):
        reporter.note(line)
    manifest = join_submanifests(
        manifest,
        origin,
        base=files.url,
        commit=commit,
        pins=pins or {},
        check_out=lambda source, pin: fetching.check_out_submanifest(workspace, source, pin),
    )
    if is_strict and manifest.warnings:
        raise problems_error(manifest.origin, manifest.warnings)
    warn_of_manifest(manifest, reporter)
    return OpenedManifest(manifest=manifest, commit=commit, base=files.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetching:
    """How manifests are fetched."""

    base_dir: Path
    git: Git
    fetch: FetchOptions
    reporter: Reporter
    verifier: Verifier | None

    def check_out(
        self, work_tree: Path, origin: ManifestOrigin, *, subject: str = _SUBJECT
    ) -> CommitId:
        """Check out the repository of a manifest, which is ours alone and may be overwritten."""
        task = _TASK if subject == _SUBJECT else subject.replace("`", "")
        self.reporter.start(task)
        try:
            commit = self._check_out(work_tree, origin)
        except GitError as error:
            self.reporter.finish(task, end=TaskEnd.FAILED)
            url, revision = origin.url or "", origin.revision or "HEAD"
            raise explain_remote_error(
                error, subject=subject, url=url, revision=revision, done="fetched"
            ) from error
        except BaseException:
            self.reporter.finish(task, end=TaskEnd.FAILED)
            raise
        self.reporter.finish(task, detail=commit[:12])
        return commit

    def check_out_submanifest(
        self, workspace: Workspace, source: SubmanifestSource, pin: CommitId | None
    ) -> tuple[Path, CommitId]:
        """Check out a submanifest, at `pin` where one is given; return where, and the commit."""
        place = workspace.submanifest_dir(source.path)
        knowing = replace(self, git=self.git.knowing([source.url]))
        return place, knowing.check_out(place, as_origin(source, pin), subject=source.subject)

    def _check_out(self, work_tree: Path, origin: ManifestOrigin) -> CommitId:
        git, bare_url = self.git, without_credentials(origin.url or "")
        if origin.revision is not None and is_commit_id(origin.revision):
            commit, upstream = CommitId(origin.revision), None
        else:
            commit = git.resolve_revision(bare_url, origin.revision, base_dir=self.base_dir)
            upstream = origin.revision
        repository = Repository(git=git, work_tree=work_tree)
        is_bundled = bundled_name(bare_url) is not None
        location = git.locate(bare_url, base_dir=self.base_dir, commit=commit)
        repository.create(None if is_bundled else GitRemote(url=location))
        repository.remove_stale_files()
        wanted = Wanted(commit=commit, url=bare_url, upstream=upstream)
        Supplier(git, base_dir=self.base_dir, options=self.fetch, reporter=self.reporter).supply(
            repository.git_dir, wanted
        )
        if self.verifier is not None:
            self.verifier.verify_manifest(repository.git_dir, wanted)
        repository.check_out(commit, force=True)
        return commit


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
