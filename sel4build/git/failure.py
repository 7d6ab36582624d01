# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a failure of git means, read from its words (LC_ALL=C), and the error that tells of it."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import assert_never

from sel4build.errors import EnvironmentLacksError, InputError, Sel4BuildError, WorkError
from sel4build.git.safety import without_credentials
from sel4build.model.command import Outcome
from sel4build.process import explain_status
from sel4build.writing import DiskFullError

_LAST_LINES = 20


class Cause(StrEnum):
    """Why a git command failed."""

    DISK_FULL = "disk full"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    """The remote answers, but has not what was asked for."""
    DAMAGED = "damaged"
    """The remote lacks objects of the history that was asked for."""
    UNREACHABLE = "unreachable"
    IN_THE_WAY = "in the way"
    """Files of the user's would be overwritten."""
    LOCKED = "locked"
    """Another git works in the same repository."""
    CORRUPT = "corrupt"
    """Objects that are here cannot be read."""
    OFFLINE = "offline"
    """It is not here, and the user wants no network."""
    OTHER = "other"


# Fragments of git's messages; the first match decides.
_WORDS: tuple[tuple[Cause, tuple[str, ...]], ...] = (
    (Cause.DISK_FULL, (r"No space left on device", r"Disk quota exceeded")),
    (Cause.LOCKED, (r"\.lock': File exists",)),
    (Cause.IN_THE_WAY, (r"would be overwritten by", r"would lose untracked files")),
    (
        Cause.MISSING,
        (
            r"couldn't find remote ref",
            r"not our ref",
            r"unadvertised object",
            r"no such remote ref",
            r"Server does not allow request for",
        ),
    ),
    (Cause.DAMAGED, (r"possible repository corruption on the remote side",)),
    (
        Cause.FORBIDDEN,
        (
            r"insufficient permission for adding",
            r"could not create work tree dir",
            r"[Uu]nable to (?:create|write)[^\n]*: Permission denied",
            r"cannot (?:mkdir|create|open)[^\n]*: Permission denied",
            r"Read-only file system",
            r"detected dubious ownership",
        ),
    ),
    (
        Cause.UNREACHABLE,
        (
            r"unable to access",
            r"Could not resolve host",
            r"Could not read from remote repository",
            r"[Cc]onnection (?:refused|timed out|reset)",
            r"[Nn]etwork is unreachable",
            r"does not appear to be a git repository",
            r"not found",
            r"Authentication failed",
            r"could not read (?:Username|Password)",
            r"hung up unexpectedly",
            r"early EOF",
            r"unable to (?:connect|look up)",
            r"protocol error",
            r"transport '[^']*' not allowed",
        ),
    ),
    (
        Cause.CORRUPT,
        (
            r"is corrupt",
            r"inflate: data stream error",
            r"unable to (?:read|parse) (?:tree|sha1 file|object|commit)",
            r"(?:bad|missing) (?:tree|blob|commit|object)",
            r"(?:could|did|does) not match index",
            r"reference is not a tree",
            r"unable to find [0-9a-f]{40}",
        ),
    ),
)
# Of what cannot be reached: what may pass by itself, and what says that it will not.
_PASSING = (
    r"Could not resolve host",
    r"[Tt]emporary failure in name resolution",
    r"[Cc]onnection (?:refused|timed out|reset)",
    r"[Cc]onnection (?:was )?(?:closed|aborted|died)",
    r"[Oo]peration (?:too slow|timed out)",
    r"[Nn]etwork is unreachable",
    r"hung up unexpectedly",
    r"early EOF",
    r"unable to (?:connect|look up)",
    r"unexpected disconnect",
    r"returned error: (?:429|5\d\d)",
    r"RPC failed",
)
_LASTING = (
    r"does not appear to be a git repository",
    r"[Rr]epository [^\n]*not found",
    r"Authentication failed",
    r"Permission denied",
    r"could not read (?:Username|Password)",
    r"transport '[^']*' not allowed",
)
# What git says of a repository on this host whose files were damaged.
_DAMAGED_HERE = (
    r"fatal: not a git repository",
    r"index file (?:smaller than expected|corrupt)",
    r"bad (?:config line|signature 0x|index file)",
)
_PROGRESS = re.compile(r"^(?:remote: )?[A-Z][a-z -]+: +\d+(?:%| ?\(|,|$)[^\n]*\n?", re.MULTILINE)
_ERROR_LINE = re.compile(r"^(?:fatal|error|remote: fatal|remote: error|ERROR): (.*)", re.MULTILINE)
_URL_WITH_SECRET = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/'\"@]*@")


class GitError(WorkError):
    """A git command failed; `cause` says of what kind, `reason` in one line."""

    def __init__(
        self,
        cause: Cause,
        reason: str,
        *,
        details: tuple[str, ...] = (),
        is_transient: bool = False,
    ) -> None:
        """Hold what git said, without credentials."""
        super().__init__(f"git: {reason}", details=details)
        self.cause = cause
        self.reason = reason
        self.is_transient = is_transient
        """True for a fault of the network that may pass by itself."""

    @property
    def files(self) -> tuple[str, ...]:
        """The files that git names, each in a line of its own."""
        return tuple(line[1:] for line in self.details if line.startswith("\t"))


def explain_failure(outcome: Outcome) -> GitError:
    """Return the error for a git process that failed."""
    output = _PROGRESS.sub("", redact(outcome.output).replace("\r", "\n"))
    status = explain_status(outcome)
    lines = [line for line in output.splitlines() if line.strip()]
    details = (f"$ {redact(str(outcome.command))}", f"git {status}", *lines[-_LAST_LINES:])
    if outcome.silence_s is not None:
        return GitError(Cause.UNREACHABLE, f"git {status}", details=details, is_transient=True)
    cause = next((each for each, words in _WORDS if _has(words, output)), Cause.OTHER)
    match = _ERROR_LINE.search(output)
    reason = match[1].strip() if match else (lines[-1].strip() if lines else "")
    is_transient = (
        cause in {Cause.UNREACHABLE, Cause.OTHER}
        and _has(_PASSING, output)
        and not _has(_LASTING, output)
    )
    return GitError(cause, reason or f"git {status}", details=details, is_transient=is_transient)


def _has(words: tuple[str, ...], output: str) -> bool:
    return any(re.search(each, output) for each in words)


def redact(text: str) -> str:
    """Return `text` with the secret of every URL in it taken out."""
    return _URL_WITH_SECRET.sub(lambda match: without_credentials(match[0]), text)


def explain_remote_error(
    error: GitError, *, subject: str, url: str, revision: str, done: str = "synced"
) -> Sel4BuildError:
    """Return the error that names `subject` (such as "project `x`"), its URL and its revision.

    `done` is what should have been done with it.
    """
    where = f"from `{without_credentials(url)}` at revision `{revision}`"
    what = f"{subject} could not be {done} {where}"
    match error.cause:
        case Cause.DISK_FULL:
            return DiskFullError(f"no space left on the disk while {subject} was {done} {where}")
        case Cause.FORBIDDEN:
            return EnvironmentLacksError(f"{what}: {error.reason}", details=error.details)
        case Cause.UNREACHABLE:
            hint = "check the URL, the network and your access to the server, then run it again"
            return EnvironmentLacksError(
                f"{what}: {error.reason}", hint=hint, details=error.details
            )
        case Cause.MISSING:
            return InputError(
                f"{what}: {error.reason}",
                hint="check the revision in the manifest, or renew the lock: `sel4build lock`",
            )
        case Cause.OFFLINE:
            hint = "run it once without `--offline`"
            return EnvironmentLacksError(f"{what}: {error.reason}", hint=hint)
        case Cause.DAMAGED | Cause.IN_THE_WAY | Cause.LOCKED | Cause.CORRUPT | Cause.OTHER:
            way_out = "move its folder and what its `.git` leads to away, then run it again"
            is_damaged = _has(_DAMAGED_HERE, "\n".join(error.details))
            return WorkError(
                f"{what}: {error.reason}",
                hint=way_out if error.cause is Cause.CORRUPT or is_damaged else None,
                details=error.details,
            )
    assert_never(error.cause)


def combine_errors(message: str, errors: Sequence[Sel4BuildError]) -> Sel4BuildError:
    """Return one error for `errors` (at least one); a single one is returned as it is.

    A full disk explains all the others. Otherwise, what the host lacks comes first, since the rest
    cannot be judged before; then wrong input.
    """
    full = [each for each in errors if isinstance(each, DiskFullError)]
    if full or len(errors) == 1:
        return (full or errors)[0]
    kinds = (EnvironmentLacksError, InputError, WorkError)
    kind = next(kind for kind in kinds if any(isinstance(each, kind) for each in errors))
    hints = dict.fromkeys(each.hint for each in errors if each.hint)
    hint = next(iter(hints)) if len(hints) == 1 else None
    return kind(message, details=tuple(each.message for each in errors), hint=hint)
