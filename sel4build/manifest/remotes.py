# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The remotes and the default of a manifest, and what they give to whoever names them."""

from sel4build.errors import Span
from sel4build.git.safety import why_bad_url, without_credentials
from sel4build.manifest.urls import resolve_url
from sel4build.manifest.xml import Problem
from sel4build.model.manifest import Default, Remote
from sel4build.reading import suggest


class Remotes:
    """The remotes and the default, as far as they are known."""

    def __init__(self, base_url: str | None, problems: list[Problem]) -> None:
        self.default = Default()
        self._base_url = base_url
        self._problems = problems
        self._remotes: dict[str, Remote] = {}

    def all(self) -> tuple[Remote, ...]:
        """Return the remotes by name."""
        return tuple(self._remotes[name] for name in sorted(self._remotes))

    def add(self, remote: Remote) -> None:
        """Take in a remote; a second one of the same name must be equal."""
        known = self._remotes.setdefault(remote.name, remote)
        if known != remote:
            problem = f"remote `{remote.name}` differs from that of the same name at {known.span}"
            self._problems.append((remote.span, problem))

    def add_default(self, default: Default) -> None:
        """Take in a default; a second one must be equal or empty."""
        if default in {self.default, Default()}:
            return
        if self.default != Default():
            problem = f"`default` differs from the one at {self.default.span}"
            self._problems.append((default.span, problem))
            return
        self.default = default
        if default.remote is not None:
            self.find(default.remote, default.span)

    def of(self, name: str | None, *, subject: str, span: Span) -> Remote | None:
        """Return the remote that `subject` names or takes by default, or None with a problem."""
        wanted = name or self.default.remote
        if wanted is None:
            problem = f"{subject} has no remote, and no default gives one"
            self._problems.append((span, problem))
            return None
        if name is None and wanted not in self._remotes:
            return None  # reported at the default
        return self.find(wanted, span)

    def revision(
        self, remote: Remote, *choices: str | None, subject: str, span: Span
    ) -> str | None:
        """Return the first of `choices`, the remote's and the default's, or None with a problem.

        Precedence: project, include, remote, default (git-repo, manifest_xml.py).
        """
        found = (*choices, remote.revision, self.default.revision)
        revision = next((each for each in found if each), None)
        if revision is None:
            problem = f"{subject} has no revision, and no default gives one"
            self._problems.append((span, problem))
        return revision

    def find(self, name: str, span: Span | None) -> Remote | None:
        """Return the remote of that name, or None with the problem noted."""
        remote = self._remotes.get(name)
        if remote is None:
            meant = suggest(name, self._remotes)
            did_you_mean = f"; did you mean `{meant}`?" if meant else ""
            self._problems.append((span, f"unknown remote `{name}`{did_you_mean}"))
        return remote

    def push_url(self, remote: Remote, name: str, span: Span) -> str | None:
        """Return where a project is pushed: as git-repo writes it, and relative to nothing."""
        if remote.push_url is None:
            return None
        url = f"{remote.push_url}/{name}"
        if reason := why_bad_url(url):
            shown = without_credentials(url)
            self._problems.append((span, f"the push URL of project `{name}` ({shown!r}) {reason}"))
        return url

    def url(self, remote: Remote, name: str, span: Span) -> str:
        """Return the URL of a project; what is wrong with it is noted."""
        url = resolve_url(remote.fetch, name, base=self._base_url)
        if url is None:
            problem = (
                f"remote `{remote.name}` has the relative URL `{remote.fetch}`, "
                "but this manifest has no URL of its own to join it to"
            )
            self._problems.append((span, problem))
            return ""
        if reason := why_bad_url(url):
            shown = without_credentials(url)
            self._problems.append((span, f"the URL of project `{name}` ({shown!r}) {reason}"))
        return url
