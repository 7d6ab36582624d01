# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Who has to vouch for sources, and who does."""

import fnmatch
from dataclasses import dataclass
from enum import StrEnum

from sel4build.model.manifest import CommitId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignaturePolicy:
    """What has to be signed, and by whom; the table `[signatures]` of `sel4build.toml`.

    Where neither keys nor signers are named, those count that the user's own gpg and git trust.
    """

    unsigned: tuple[str, ...] = ()
    """Projects, by path or name or a pattern of these (`*`, `?`, `[]`), that need no signature."""
    unsigned_manifest: bool = False
    """True when the manifest's repository needs none."""
    allowed_signers: str | None = None
    """File of ssh keys (ssh-keygen(1), "ALLOWED SIGNERS"); relative to the workspace."""
    gpg_home: str | None = None
    """Folder of a gpg keyring of which every key counts; relative to the workspace."""

    def exempts(self, path: str, name: str) -> bool:
        """Tell whether a project needs no signature."""
        names = (path, name)
        return any(fnmatch.fnmatchcase(each, one) for one in self.unsigned for each in names)


class Scheme(StrEnum):
    """How a signature is made."""

    GPG = "gpg"
    SSH = "ssh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A good signature by a key that is trusted."""

    scheme: Scheme
    signer: str
    """The user id of a gpg key, the principal of an ssh key."""
    fingerprint: str


class Evidence(StrEnum):
    """Why a commit counts as verified."""

    COMMIT = "commit"
    """It is signed itself."""
    TAG = "tag"
    """A signed tag leads to it."""
    BUNDLED = "bundled"
    """It comes with this program."""
    EXEMPT = "exempt"
    """The user wants no signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A commit that may be checked out; `path` is None for the manifest's repository."""

    path: str | None
    commit: CommitId
    evidence: Evidence
    tag: str | None = None
    signature: Signature | None = None


class Fault(StrEnum):
    """What is wrong with a signature."""

    UNSIGNED = "unsigned"
    BAD = "bad"
    EXPIRED_SIGNATURE = "expired signature"
    EXPIRED_KEY = "expired key"
    REVOKED_KEY = "revoked key"
    UNKNOWN_KEY = "unknown key"
    UNTRUSTED_KEY = "untrusted key"
    RENAMED_TAG = "renamed tag"
    NO_SIGNERS = "no allowed signers"
    UNREADABLE = "unreadable"
    """It cannot be judged: of a form that is not known, or of several signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A commit that nobody who is trusted vouches for; `path` as in `Verified`."""

    path: str | None
    commit: CommitId
    fault: Fault
    reason: str
