# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Throw-away keys of gpg and ssh, and commits and tags that they sign."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sel4build.model.manifest import CommitId
from tests.kit.git_remote import GitRemote

LONG_AGO = "20200101T000000"


def run(*argv: str, cwd: Path, env: Mapping[str, str] | None = None, stdin: str = "") -> str:
    """Run a program to its successful end and return what it prints."""
    done = subprocess.run(
        argv,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=stdin.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody with a key, as `git -c` has to be told of it."""

    name: str
    key: str
    fingerprint: str
    options: tuple[str, ...]
    env: Mapping[str, str]

    def sign_commit(self, remote: GitRemote, branch: str = "main") -> CommitId:
        """Replace the tip of `branch` by the same commit with a signature; return its id."""
        return self._commit(remote, branch, ("-S",))

    def sign_tag(self, remote: GitRemote, name: str, commit: str) -> str:
        """Add a signed tag of `commit`; return the id of the tag."""
        git = ("git", *self._settings())
        run(*git, "tag", "-s", "-m", "A tag", name, commit, cwd=remote.path, env=self.env)
        return run("git", "rev-parse", f"refs/tags/{name}", cwd=remote.path)

    def _commit(self, remote: GitRemote, branch: str, options: tuple[str, ...]) -> CommitId:
        tip = run("git", "rev-parse", branch, cwd=remote.path)
        parents = run("git", "rev-parse", f"{tip}^@", cwd=remote.path).split()
        words = [word for parent in parents for word in ("-p", parent)]
        message = run("git", "log", "-1", "--format=%B", tip, cwd=remote.path)
        argv = ("git", *self._settings(), "commit-tree", *options, *words, f"{tip}^{{tree}}")
        signed = run(*argv, cwd=remote.path, env=self.env, stdin=message)
        run("git", "update-ref", f"refs/heads/{branch}", signed, cwd=remote.path)
        return CommitId(signed)

    def _settings(self) -> tuple[str, ...]:
        return (*self.options, "-c", f"user.signingKey={self.key}")


@dataclass(frozen=True, slots=True)
class Keyring:
    """A home of gpg in a folder with a short name: its agent listens on a socket there."""

    home: Path

    @property
    def environ(self) -> dict[str, str]:
        """What lets gpg use it."""
        return {"GNUPGHOME": str(self.home)}

    def gpg(self, *argv: str, stdin: str = "") -> str:
        """Run gpg."""
        options = ("--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "")
        return run("gpg", *options, *argv, cwd=self.home, env=self.environ, stdin=stdin)

    def signer(self, name: str = "A Signer <a@example.com>", *, expired: bool = False) -> Signer:
        """Make a key; with `expired` it was one for a day, long ago."""
        then = f"--faked-system-time={LONG_AGO}"
        self.gpg(
            *((then,) if expired else ()),
            "--quick-generate-key",
            name,
            "ed25519",
            "sign",
            "1d" if expired else "0",
        )
        listed = self.gpg("--with-colons", "--list-keys", f"={name}").splitlines()
        fingerprint = next(line.split(":")[9] for line in listed if line.startswith("fpr:"))
        options: tuple[str, ...] = ()
        if expired:
            wrapper = self.home / "gpg-then"
            wrapper.write_text(f'#!/bin/sh\nexec gpg {then} "$@"\n')
            wrapper.chmod(0o755)
            options = ("-c", f"gpg.program={wrapper}")
        return Signer(
            name=name, key=fingerprint, fingerprint=fingerprint, options=options, env=self.environ
        )

    def revoke(self, signer: Signer) -> None:
        """Revoke a key by the certificate that gpg made together with it."""
        file = self.home / "openpgp-revocs.d" / f"{signer.fingerprint}.rev"
        self.gpg("--import", stdin=file.read_text().replace(":-----BEGIN", "-----BEGIN"))

    def give(self, signer: Signer, other: "Keyring") -> None:
        """Give the public key to somebody who does not know whose it is."""
        other.gpg("--import", stdin=self.gpg("--armor", "--export", signer.key))


@contextlib.contextmanager
def a_keyring() -> Iterator[Keyring]:
    """Yield an empty keyring."""
    home = Path(tempfile.mkdtemp(prefix="gpg", dir="/tmp"))
    try:
        yield Keyring(home)
    finally:
        subprocess.run(
            ("gpgconf", "--homedir", str(home), "--kill", "all"), check=False, capture_output=True
        )
        shutil.rmtree(home, ignore_errors=True)


def ssh_signer(folder: Path, name: str = "me@example.com") -> Signer:
    """Make a key of ssh in `folder`."""
    file = folder / f"{name}.key"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(file), cwd=folder)
    fingerprint = run("ssh-keygen", "-lf", str(file), cwd=folder).split()[1]
    return Signer(
        name=name,
        key=f"{file}.pub",
        fingerprint=fingerprint,
        options=("-c", "gpg.format=ssh"),
        env={},
    )


def allow(file: Path, signer: Signer, options: str = 'namespaces="git"') -> Path:
    """Add a key of ssh to a file of allowed signers (ssh-keygen(1)), which is returned."""
    key = " ".join(Path(signer.key).read_text().split()[:2])
    with file.open("a") as stream:
        stream.write(f"{signer.name} {options} {key}\n")
    return file
