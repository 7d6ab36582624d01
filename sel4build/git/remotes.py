# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The remote of a project in its git configuration, for the user's own `git fetch` and `git push`.

No sync needs it, but a partial clone. URLs stand there as they may be stored: without credentials.
"""

import re
from dataclasses import dataclass

from sel4build.git.safety import why_bad_revision
from sel4build.model.manifest import is_commit_id

ORIGIN = "origin"
"""What git itself calls a remote, and we one without another name."""

_FETCH = re.compile(r"\+refs/(?:heads|tags)/[^:]+:refs/(?:remotes/[^:]+|tags/\*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class GitRemote:
    """A remote: where it is, and what a plain `git fetch` brings."""

    url: str
    name: str = ORIGIN
    push_url: str | None = None
    branch: str | None = None
    """The one branch that is fetched; None for all of them."""
    has_tags: bool = True

    @property
    def refspec(self) -> str:
        """What is fetched, as git-repo writes it."""
        branch = self.branch or "*"
        return f"+refs/heads/{branch}:refs/remotes/{self.name}/{branch}"

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """The settings of its section, in order (git-config(1), `remote.<name>`)."""
        pairs = [("url", self.url)]
        if self.push_url is not None:
            pairs.append(("pushurl", self.push_url))
        pairs.append(("fetch", self.refspec))
        if not self.has_tags:
            pairs.append(("tagOpt", "--no-tags"))
        return tuple(pairs)

    def lines(self) -> tuple[str, ...]:
        """Return its lines in a configuration."""
        head = f'[remote "{_escaped(self.name)}"]'
        return (head, *(f"\t{key} = {_quoted(key, value)}" for key, value in self.settings))


def why_bad_remote_name(name: str) -> str | None:
    """Say why git could not have a remote of that name, or None when it could."""
    return why_bad_revision(name)


def is_plain_refspec(refspec: str) -> bool:
    """Tell whether a sync could have written what a remote fetches."""
    return _FETCH.fullmatch(refspec) is not None


def single_branch(upstream: str | None) -> str | None:
    """Return the branch that an upstream means, or None when it is a tag, a commit or unknown."""
    if upstream is None or is_commit_id(upstream):
        return None
    name = upstream.removeprefix("refs/heads/")
    return None if name.startswith("refs/") else name


def _quoted(key: str, value: str) -> str:
    # git-config(1): a value in double quotes takes these escapes.
    if key not in {"url", "pushurl"}:
        return value
    spelt = _escaped(value).replace("\n", "\\n").replace("\t", "\\t")
    return f'"{spelt}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
