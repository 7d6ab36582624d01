# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read what git-repo keeps in `.repo/`: which manifest, which groups, which local manifests.

The layout is that of git-repo's docs/internal-fs-layout.md; nothing in it is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.errors import InputError
from sel4build.git.client import Git
from sel4build.git.failure import GitError
from sel4build.git.safety import why_bad_revision, why_bad_url
from sel4build.manifest.groups import effective_groups, split_groups
from sel4build.manifest.xml import MOST_BYTES, parse_xml
from sel4build.model.lock import ManifestOrigin
from sel4build.model.paths import RelPath

_HEADS = "refs/heads/"
# What `repo init` can make that has no work trees, or none that git itself understands.
_UNFIT = {
    "repo.archive": "its projects are archives without git (`repo init --archive`)",
    "repo.mirror": "it is a mirror without work trees (`repo init --mirror`)",
    "repo.worktree": "its projects are git worktrees (`repo init --worktree`)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoLayout:
    """A workspace of git-repo, by its root."""

    root: Path

    @property
    def repo_dir(self) -> Path:
        """`.repo`."""
        return self.root / ".repo"

    @property
    def manifests_dir(self) -> Path:
        """The work tree of the manifest repository."""
        return self.repo_dir / "manifests"

    def submanifest_dir(self, path: RelPath) -> Path:
        """Return the work tree of the manifest repository of the submanifest at `path`."""
        return self.repo_dir / "submanifests" / path.text / "manifests"

    @property
    def local_manifests_dir(self) -> Path:
        """The user's own manifests."""
        return self.repo_dir / "local_manifests"

    def read_origin(self, git: Git) -> ManifestOrigin:
        """Return which manifest it has; raise InputError when that does not fit."""
        config = self._read_config(git)
        for key, reason in _UNFIT.items():
            if config.get(key, "").lower() in {"true", "yes", "on", "1"}:
                raise self._refusal(reason)
        url = config.get("remote.origin.url")
        if url is None or config.get("manifest.standalone"):
            raise self._refusal("its manifest does not come from a git repository")
        if bad := why_bad_url(url):
            raise self._refusal(f"the URL of its manifest ({url!r}) {bad}")
        revision = config.get("branch.default.merge", "").removeprefix(_HEADS) or None
        if revision is not None and (bad := why_bad_revision(revision)):
            raise self._refusal(f"the branch of its manifest ({revision!r}) {bad}")
        groups = split_groups(config.get("manifest.groups", ""))
        if effective_groups(groups) == effective_groups(()):
            groups = ()
        origin = ManifestOrigin(url=url, revision=revision, groups=groups)
        return replace(origin, file=self._read_file_name())

    def _read_config(self, git: Git) -> Mapping[str, str]:
        """Return the settings of the manifest repository; the last of a name counts."""
        file = self.repo_dir / "manifests.git" / "config"
        if not (self.repo_dir / "manifest.xml").is_file() or not file.is_file():
            message = f"`{self.root}` is not a workspace that `repo` made"
            hint = "name the folder that has `.repo/manifest.xml`"
            raise InputError(message, hint=hint)
        try:
            text = git.run("config", "--file", str(file), "--null", "--list", cwd=self.root)
        except GitError as error:
            raise self._refusal(f"`{file}` cannot be read: {error.reason}") from error
        pairs = (each.partition("\n") for each in text.split("\0") if each)
        return {key: value for key, _newline, value in pairs}

    def _read_file_name(self) -> str:
        """Return the manifest's name in its repository.

        `manifest.xml` is a link to it, or since git-repo 1.13 a file that includes it.
        """
        top = self.repo_dir / "manifest.xml"
        if top.is_symlink():
            target = top.resolve()
            if not target.is_relative_to(self.manifests_dir.resolve()):
                raise self._refusal(f"`{top}` leads out of `{self.manifests_dir}`")
            name = target.relative_to(self.manifests_dir.resolve()).as_posix()
        else:
            with top.open("rb") as stream:
                root = parse_xml(stream.read(MOST_BYTES + 1), str(top))
            names = [each.attributes.get("name", "") for each in root.children]
            if [each.tag for each in root.children] != ["include"]:
                raise self._refusal(f"`{top}` is more than one include")
            name = names[0]
        try:
            return RelPath.parse(name).text
        except ValueError as error:
            raise self._refusal(f"the file of its manifest: {error}") from error

    def _refusal(self, reason: str) -> InputError:
        return InputError(f"`{self.root}` cannot be adopted: {reason}")
