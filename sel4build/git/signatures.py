# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Let git verify one commit or tag, by keys that are the user's own.

It runs in an empty repository that is made for it and only borrows the objects to judge, so that no
configuration, replacement, graft or reference of a fetched repository has a say. What the user and
the host configure counts as in any git: `gpg.program`, `gpg.ssh.allowedSignersFile` and so on.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import EnvironmentLacksError
from sel4build.git.capture import Captured, capture
from sel4build.git.client import Git
from sel4build.git.environment import compose_environment
from sel4build.git.judging import Trust, Verdict, find_scheme, judge_gpg, judge_ssh, refuse
from sel4build.git.program import git_path
from sel4build.git.tags import TagAt
from sel4build.model.manifest import CommitId
from sel4build.model.signatures import Fault, Scheme
from sel4build.process import find_program

_HINTS = {
    Scheme.GPG: "install it: `apt-get install gnupg`",
    Scheme.SSH: "install it: `apt-get install openssh-client`",
}
_SIGNERS = "gpg.ssh.allowedSignersFile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys that count, where they are not those of the user's own configuration."""

    allowed_signers: Path | None = None
    gpg_home: Path | None = None


class Inspector:
    """Judges signatures. One value serves all threads of a run."""

    def __init__(self, git: Git, *, scratch: Path, keys: Keys) -> None:
        """`scratch` is an empty bare repository of ours."""
        self._git = git
        self._scratch = scratch
        self._keys = keys

    def judge_commit(self, objects: Path, commit: CommitId) -> Verdict:
        """Judge a commit by its own signature."""
        return self._judge("commit", commit, objects)

    def judge_tag(self, tag: TagAt) -> Verdict:
        """Judge an annotated tag, whose name has to be its own."""
        text = self._read("tag", tag.id, tag.objects)
        own = next((line[4:] for line in text.splitlines() if line.startswith("tag ")), "")
        if own != tag.name:
            return refuse(Fault.RENAMED_TAG, f"says of itself that it is `{own}`")
        return self._judge("tag", tag.id, tag.objects)

    def _judge(self, kind: str, id_: str, objects: Path) -> Verdict:
        scheme = find_scheme(kind, self._read(kind, id_, objects))
        if isinstance(scheme, Verdict):
            return scheme
        self._require_program(scheme)
        if scheme is Scheme.SSH and not self._has_signers():
            reason = "is signed with ssh, but no file of allowed signers is named"
            return refuse(Fault.NO_SIGNERS, reason)
        done = self._run(f"verify-{kind}", "--raw", id_, objects=objects)
        succeeded = done.outcome.succeeded
        if scheme is Scheme.SSH:
            has_revocations = "gpg.ssh.revocationfile" in self._settings
            return judge_ssh(done.text, succeeded=succeeded, has_revocations=has_revocations)
        return judge_gpg(done.text, succeeded=succeeded, least=self._least_trust())

    def _read(self, kind: str, id_: str, objects: Path) -> str:
        done = self._run("cat-file", kind, id_, objects=objects)
        return done.text if done.outcome.succeeded else ""

    def _require_program(self, scheme: Scheme) -> None:
        """Raise EnvironmentLacksError when the program that git would start is missing."""
        settings = self._settings
        name = settings.get("gpg.ssh.program", "ssh-keygen")
        if scheme is Scheme.GPG:
            name = settings.get("gpg.openpgp.program", settings.get("gpg.program", "gpg"))
        # git-config(1): `~/` is the home.
        if name.startswith("~/"):
            name = f"{self._git.environ.get('HOME', '')}{name[1:]}"
        if find_program(name, self._git.environ) is None:
            message = f"program `{name}` was not found, and a signature has to be verified by it"
            raise EnvironmentLacksError(message, hint=_HINTS[scheme])

    def _has_signers(self) -> bool:
        return self._keys.allowed_signers is not None or _SIGNERS.lower() in self._settings

    def _least_trust(self) -> Trust:
        """Return how far a gpg key has to be trusted.

        In a keyring that was named for the purpose every key counts. That of the user may hold
        anybody's, so that a key has to be valid there, unless the user says otherwise.
        """
        if self._keys.gpg_home is not None:
            return Trust.UNDEFINED
        wanted = self._settings.get("gpg.mintrustlevel", "").upper()
        return Trust[wanted] if wanted in Trust.__members__ else Trust.MARGINAL

    @functools.cached_property
    def _settings(self) -> dict[str, str]:
        """Return the user's settings whose name begins with `gpg.`."""
        done = self._run("config", "--null", "--get-regexp", r"^gpg\.", objects=None)
        pairs = (each.partition("\n") for each in done.text.split("\0") if each)
        return {name.lower(): value for name, _newline, value in pairs}

    def _run(self, *args: str, objects: Path | None) -> Captured:
        env = compose_environment(self._git.environ) | {"GIT_NO_REPLACE_OBJECTS": "1"}
        if objects is not None:
            env["GIT_OBJECT_DIRECTORY"] = str(objects.resolve())
        if self._keys.gpg_home is not None:
            env["GNUPGHOME"] = str(self._keys.gpg_home)
        # The level of trust is judged here, from what gpg says.
        options = ["-c", "gpg.minTrustLevel=undefined"] if objects is not None else []
        if self._keys.allowed_signers is not None:
            options += ["-c", f"{_SIGNERS}={self._keys.allowed_signers}"]
        program = str(git_path(self._git.environ))
        argv = (program, f"--git-dir={self._scratch}", *options, *args)
        return capture(self._git.runner, argv, cwd=self._scratch, env=env)
