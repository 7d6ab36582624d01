# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of `--verify-signatures` with keys that are made for the moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import CliOutcome, World, bin_folder
from tests.kit.git_remote import GitRemote, run_git
from tests.kit.signing import Keyring, Signer, a_keyring, allow, run, ssh_signer
from tests.kit.workshop import Workshop

pytestmark = pytest.mark.tools

_VERIFY = "--verify-signatures"


@pytest.fixture(scope="module")
def keyring() -> Iterator[Keyring]:
    with a_keyring() as made:
        yield made


@pytest.fixture(scope="module")
def trusted(keyring: Keyring) -> Signer:
    return keyring.signer()


@dataclass
class Signed:
    """A workshop of which everything is signed with gpg, unless a test does otherwise."""

    shop: Workshop
    signer: Signer

    def publish(self) -> None:
        """Let the manifest pin the tip of `b`, signed."""
        self.shop.publish(self.shop_tip("b"))
        self.signer.sign_commit(self.shop.manifest)

    def shop_tip(self, name: str) -> Any:
        return run_git("rev-parse", "main", cwd=self.shop.remote(name).path)

    def run(self, *argv: str) -> CliOutcome:
        return self.shop.run(*argv)

    def is_untouched(self) -> bool:
        root = self.shop.root
        return not (root / "projects").exists() and not (root / "b").exists()

    def is_unlocked(self) -> bool:
        return not self.shop.lock_file.exists()


@pytest.fixture
def signed(world: World, tmp_path: Path, keyring: Keyring, trusted: Signer) -> Signed:
    shop = Workshop.create(world.having(**keyring.environ), tmp_path)
    for name in ("a", "b"):
        trusted.sign_commit(shop.remote(name))
    made = Signed(shop, trusted)
    made.publish()
    return made


def test_signed_commits_are_locked_synced_and_told_with_their_key(signed: Signed) -> None:
    locked = signed.run("lock", _VERIFY, "--json").ok().object("lock")
    synced = signed.run("sync", _VERIFY, "--json").ok().object("sync")

    assert locked["signatures"] == synced["signatures"]
    assert [each["path"] for each in locked["signatures"]] == [None, "b", "projects/a"]
    for each in locked["signatures"]:
        assert (each["evidence"], each["scheme"], each["tag"]) == ("commit", "gpg", None)
        assert (each["signer"], each["fingerprint"]) == (
            signed.signer.name,
            signed.signer.fingerprint,
        )
    text = signed.run("lock", "--check", _VERIFY).ok().stdout
    assert f"verified: 3 by the commit\n  {signed.signer.name} {signed.signer.fingerprint}" in text


def test_an_unsigned_commit_stops_everything_before_it_begins(signed: Signed) -> None:
    signed.shop.remote("a").commit({"read.me": "unsigned\n"})

    locked = signed.run("lock", _VERIFY)
    synced = signed.run("sync", _VERIFY)

    for outcome in (locked, synced):
        outcome.failed(ExitCode.INVALID, "1 of 3 commits could not be verified")
        assert "`projects/a`: commit `" in outcome.stderr
        assert "is not signed, and no signed tag leads to it" in outcome.stderr
        assert "`b`:" not in outcome.stderr
    assert signed.is_unlocked()
    assert signed.is_untouched()


def test_a_lock_of_before_is_not_synced_when_a_commit_is_unsigned(signed: Signed) -> None:
    signed.run("sync").ok()
    before = signed.shop.locked()
    signed.shop.remote("a").commit({"read.me": "unsigned\n"})
    signed.shop.remote("b").commit({"file.txt": "two\n"})
    signed.signer.sign_commit(signed.shop.remote("b"))
    signed.run("lock", "--update").ok()

    signed.run("sync", _VERIFY).failed(ExitCode.INVALID, "1 of 3 commits")

    for path, commit in before.items():
        assert run_git("rev-parse", "HEAD", cwd=signed.shop.root / path) == commit


def test_what_is_exempt_needs_no_signature(signed: Signed) -> None:
    signed.shop.remote("a").commit({"read.me": "unsigned\n"})
    signed.shop.publish(signed.shop_tip("b"))

    words = ("--allow-unsigned", "projects/a", "--allow-unsigned-manifest")
    done = signed.run("sync", _VERIFY, *words, "--json").ok().object("sync")

    evidence = {each["path"]: each["evidence"] for each in done["signatures"]}
    assert evidence == {None: "exempt", "b": "commit", "projects/a": "exempt"}


def test_the_manifest_is_judged_before_it_is_read(signed: Signed) -> None:
    signed.shop.manifest.commit({"default.xml": "<manifest><nonsense/></manifest>"})

    outcome = signed.run("lock", _VERIFY)

    outcome.failed(ExitCode.INVALID, "the manifest's commit could not be verified")
    assert "the manifest: commit `" in outcome.stderr


def test_a_signed_tag_vouches_for_its_commit_offline_too(signed: Signed) -> None:
    tip = signed.shop.remote("a").commit({"read.me": "tagged\n"})
    signed.signer.sign_tag(signed.shop.remote("a"), "v1.0", tip)

    locked = signed.run("lock", _VERIFY, "--json").ok().object("lock")
    signed.shop.remote("a").path.rename(signed.shop.folder / "gone")
    synced = signed.run("sync", _VERIFY, "--offline", "--json").ok().object("sync")

    for found in (locked, synced):
        (tagged,) = (each for each in found["signatures"] if each["path"] == "projects/a")
        assert (tagged["evidence"], tagged["tag"]) == ("tag", "v1.0")
        assert tagged["fingerprint"] == signed.signer.fingerprint


def test_a_tag_that_was_asked_for_once_is_kept(signed: Signed) -> None:
    tip = signed.shop.remote("a").commit({"read.me": "tagged\n"})
    signed.signer.sign_tag(signed.shop.remote("a"), "v1.0", tip)
    signed.run("sync", _VERIFY).ok()
    signed.shop.remote("a").path.rename(signed.shop.folder / "gone")

    done = signed.run("sync", _VERIFY, "--json").ok().object("sync")

    assert {each["tag"] for each in done["signatures"]} == {None, "v1.0"}
    # Out of the way of the user's own.
    assert run_git("tag", cwd=signed.shop.root / "projects/a") == ""


def test_a_bundle_carries_the_tags_that_vouch(signed: Signed, tmp_path: Path) -> None:
    tip = signed.shop.remote("a").commit({"read.me": "tagged\n"})
    signed.signer.sign_tag(signed.shop.remote("a"), "v1.0", tip)
    signed.run("sync", _VERIFY).ok()
    signed.run("bundle", "create", "all.tar").ok()
    there = signed.shop.world.having(XDG_CACHE_HOME=str(tmp_path / "other"))
    place = tmp_path / "there"
    there.run("bundle", "extract", str(signed.shop.root / "all.tar"), str(place), cwd=tmp_path).ok()
    signed.shop.remote("a").path.rename(signed.shop.folder / "gone")

    done = there.run("sync", _VERIFY, "--offline", "--json", cwd=place).ok().object("sync")

    assert {each["tag"] for each in done["signatures"]} == {None, "v1.0"}


def test_a_remote_that_cannot_be_asked_for_tags_is_named(signed: Signed) -> None:
    signed.shop.remote("a").commit({"read.me": "unsigned\n"})
    signed.run("sync").ok()
    signed.shop.remote("a").path.rename(signed.shop.folder / "gone")

    online = signed.run("sync", _VERIFY)
    offline = signed.run("sync", _VERIFY, "--offline")

    online.failed(ExitCode.ENVIRONMENT, "`projects/a` could not be verified")
    offline.failed(ExitCode.INVALID, "1 of 3 commits could not be verified")


def test_a_pattern_exempts_all_that_match(signed: Signed) -> None:
    signed.shop.remote("a").commit({"read.me": "unsigned\n"})

    done = signed.run("lock", _VERIFY, "--allow-unsigned", "projects/*", "--json").ok()

    evidence = {each["path"]: each["evidence"] for each in done.object("lock")["signatures"]}
    assert evidence == {None: "commit", "b": "commit", "projects/a": "exempt"}


def test_a_pattern_of_no_project_is_warned_of_once(signed: Signed) -> None:
    words = ("--allow-unsigned", "project/a", "--allow-unsigned", "b")

    done = signed.run("sync", _VERIFY, *words, "--json").ok()

    warning = "`project/a`, which needs no signature, is no project of the lock"
    assert done.object("sync")["warnings"] == [f"{warning}; did you mean `projects/a`?"]


def test_one_tag_under_two_names_counts_under_its_own(signed: Signed) -> None:
    remote = signed.shop.remote("a")
    tip = remote.commit({"read.me": "tagged\n"})
    tag = signed.signer.sign_tag(remote, "v1", tip)
    for name in ("a", "z"):
        run_git("update-ref", f"refs/tags/{name}", tag, cwd=remote.path)

    done = signed.run("lock", _VERIFY, "--json").ok().object("lock")

    assert {each["tag"] for each in done["signatures"]} == {None, "v1"}


def test_an_unsigned_tag_vouches_for_nothing(signed: Signed) -> None:
    tip = signed.shop.remote("a").commit({"read.me": "tagged\n"})
    signed.shop.remote("a").tag("v1", tip, is_annotated=True)
    signed.shop.remote("a").tag("light", tip)

    outcome = signed.run("lock", _VERIFY)

    outcome.failed(ExitCode.INVALID)
    assert "is not signed; tag `v1` is not signed" in outcome.stderr
    assert "light" not in outcome.stderr


def test_a_tag_under_another_name_is_refused(signed: Signed) -> None:
    remote = signed.shop.remote("a")
    tip = remote.commit({"read.me": "tagged\n"})
    tag = signed.signer.sign_tag(remote, "v1", tip)
    run_git("update-ref", "refs/tags/v2", tag, cwd=remote.path)
    run_git("update-ref", "-d", "refs/tags/v1", cwd=remote.path)

    outcome = signed.run("lock", _VERIFY)

    outcome.failed(ExitCode.INVALID)
    assert "tag `v2` says of itself that it is `v1`" in outcome.stderr
    assert signed.is_unlocked()


def test_a_tag_that_the_manifest_names_has_to_be_that_tag(signed: Signed) -> None:
    """A server that serves an old release as the new one is found out."""
    remote = signed.shop.remote("b")
    tip = remote.commit({"file.txt": "old\n"})
    tag = signed.signer.sign_tag(remote, "v1", tip)
    run_git("update-ref", "refs/tags/v2", tag, cwd=remote.path)
    signed.shop.publish(tip, more='upstream="refs/tags/v2"')
    signed.signer.sign_commit(signed.shop.manifest)

    outcome = signed.run("lock", _VERIFY)

    outcome.failed(ExitCode.INVALID)
    assert "tag `v2` says of itself that it is `v1`" in outcome.stderr


def test_a_tag_of_a_signed_tag_counts_by_the_outer_one(signed: Signed) -> None:
    remote = signed.shop.remote("a")
    tip = remote.commit({"read.me": "tagged\n"})
    remote.tag("inner", tip, is_annotated=True)
    signed.signer.sign_tag(remote, "outer", "inner")

    done = signed.run("lock", _VERIFY, "--json").ok().object("lock")

    assert {each["tag"] for each in done["signatures"]} == {None, "outer"}


def test_a_changed_commit_has_a_bad_signature(signed: Signed) -> None:
    remote = signed.shop.remote("a")
    text = run("git", "cat-file", "commit", "main", cwd=remote.path)
    forged = run(
        "git",
        "hash-object",
        "-t",
        "commit",
        "-w",
        "--stdin",
        cwd=remote.path,
        stdin=text.replace("First of a", "Forged") + "\n",
    )
    run_git("update-ref", "refs/heads/main", forged, cwd=remote.path)

    outcome = signed.run("lock", _VERIFY)

    outcome.failed(ExitCode.INVALID)
    assert "has a bad signature, said to be of `A Signer <a@example.com>`" in outcome.stderr


def test_keys_that_expired_or_were_revoked_do_not_count(signed: Signed) -> None:
    with a_keyring() as other:
        expired = other.signer("Expired <e@example.com>", expired=True)
        revoked = other.signer("Revoked <r@example.com>")
        expired.sign_commit(signed.shop.remote("a"))
        revoked.sign_commit(signed.shop.remote("b"))
        other.revoke(revoked)
        signed.publish()
        home = ("--gpg-home", str(other.home), "--allow-unsigned-manifest")

        outcome = signed.run("lock", _VERIFY, *home)

    outcome.failed(ExitCode.INVALID, "2 of 3 commits")
    assert "is signed by a key that has expired: `Expired <e@example.com>`" in outcome.stderr
    assert f"was revoked: `Revoked <r@example.com>` ({revoked.fingerprint})" in outcome.stderr


def test_a_key_counts_when_it_is_known_and_trusted(signed: Signed, keyring: Keyring) -> None:
    with a_keyring() as other, a_keyring() as empty:
        keyring.give(signed.signer, other)
        unknown = signed.shop.world.having(**empty.environ).run(
            "lock", _VERIFY, cwd=signed.shop.root
        )
        mine = signed.shop.world.having(**other.environ)
        untrusted = mine.run("lock", _VERIFY, cwd=signed.shop.root)
        loose = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "gpg.minTrustLevel",
            "GIT_CONFIG_VALUE_0": "undefined",
        }
        mine.having(**loose).run("lock", _VERIFY, cwd=signed.shop.root).ok()
        signed.run("lock", _VERIFY, "--gpg-home", str(other.home)).ok()

    unknown.failed(ExitCode.INVALID, "the manifest's commit could not be verified")
    assert f"by the key `{signed.signer.fingerprint}`, which is in no keyring" in unknown.stderr
    untrusted.failed(ExitCode.INVALID, "the manifest's commit could not be verified")
    assert "is signed by a key that is not trusted: `A Signer" in untrusted.stderr


def test_ssh_keys_count_when_they_are_among_the_allowed_signers(
    signed: Signed, tmp_path: Path
) -> None:
    signer, stranger = ssh_signer(tmp_path), ssh_signer(tmp_path, "stranger@example.com")
    commit = signer.sign_commit(signed.shop.remote("a"))
    tip = signed.shop.remote("b").commit({"file.txt": "two\n"})
    signer.sign_tag(signed.shop.remote("b"), "v1", tip)
    signed.publish()
    signers = allow(tmp_path / "signers", signer)
    strangers = allow(tmp_path / "strangers", stranger)
    expired = allow(tmp_path / "expired", signer, 'valid-before="20200101"')

    done = signed.run("lock", _VERIFY, "--allowed-signers", str(signers), "--json").ok()
    nobody = signed.run("lock", _VERIFY)
    unknown = signed.run("lock", _VERIFY, "--allowed-signers", str(strangers))
    late = signed.run("lock", _VERIFY, "--allowed-signers", str(expired))
    missing = signed.run("lock", _VERIFY, "--allowed-signers", "nowhere")
    homeless = signed.run("lock", _VERIFY, "--gpg-home", "nowhere")

    found = {each["path"]: each for each in done.object("lock")["signatures"]}
    assert (found["projects/a"]["scheme"], found["projects/a"]["commit"]) == ("ssh", commit)
    assert found["projects/a"]["signer"] == "me@example.com"
    assert found["projects/a"]["fingerprint"] == signer.fingerprint
    assert (found["b"]["evidence"], found["b"]["tag"]) == ("tag", "v1")
    nobody.failed(ExitCode.INVALID, "2 of 3 commits")
    assert "is signed with ssh, but no file of allowed signers is named" in nobody.stderr
    unknown.failed(ExitCode.INVALID)
    assert f"key {signer.fingerprint}, which is not among the allowed signers" in unknown.stderr
    late.failed(ExitCode.INVALID)
    assert "is signed by a key that was not valid at that time" in late.stderr
    missing.failed(ExitCode.INVALID, "there is no file of allowed signers")
    homeless.failed(ExitCode.INVALID, "there is no gpg keyring in")


def test_the_users_own_git_configuration_names_signers_and_revoked_keys(
    signed: Signed, tmp_path: Path
) -> None:
    signer = ssh_signer(tmp_path)
    signer.sign_commit(signed.shop.remote("a"))
    signers = allow(tmp_path / "signers", signer)
    config = tmp_path / "gitconfig"
    config.write_text(f'[gpg "ssh"]\n\tallowedSignersFile = {signers}\n')
    world = signed.shop.world.having(GIT_CONFIG_GLOBAL=str(config))

    world.run("lock", _VERIFY, cwd=signed.shop.root).ok()
    config.write_text(config.read_text() + f"\trevocationFile = {signer.key}\n")
    revoked = world.run("lock", _VERIFY, cwd=signed.shop.root)

    revoked.failed(ExitCode.INVALID)
    assert "is signed by a key that was revoked" in revoked.stderr


def test_a_project_cannot_say_which_keys_count(signed: Signed, tmp_path: Path) -> None:
    signer = ssh_signer(tmp_path)
    signer.sign_commit(signed.shop.remote("a"))
    signed.run("sync").ok()
    project = signed.shop.root / "projects/a"
    signers = allow(project / "signers", signer)
    run_git("config", "gpg.ssh.allowedSignersFile", str(signers), cwd=project)
    program = tmp_path / "yes"
    program.write_text("#!/bin/sh\necho 'Good \"git\" signature for me with X key SHA256:x'\n")
    program.chmod(0o755)
    for name in ("gpg.program", "gpg.ssh.program", "gpg.openpgp.program"):
        run_git("config", name, str(program), cwd=project)

    by_config = signed.run("sync", _VERIFY)
    by_option = signed.run("sync", _VERIFY, "--allowed-signers", str(signers))

    by_config.failed(ExitCode.INVALID)
    assert "no file of allowed signers is named" in by_config.stderr
    by_option.failed(ExitCode.INVALID, "belong to the project `projects/a` itself")


def test_a_replaced_commit_is_judged_as_it_is(signed: Signed) -> None:
    signed_tip = signed.shop_tip("a")
    tip = signed.shop.remote("a").commit({"read.me": "unsigned\n"})
    signed.run("sync").ok()
    run_git("replace", tip, signed_tip, cwd=signed.shop.root / "projects/a")

    signed.run("sync", _VERIFY).failed(ExitCode.INVALID, "1 of 3 commits")


def test_the_workspace_remembers_to_verify(signed: Signed) -> None:
    spec = signed.shop.spec_file
    spec.write_text(spec.read_text() + '\n[signatures]\nunsigned = ["b"]\n')
    signed.shop.remote("b").commit({"file.txt": "unsigned\n"})
    signed.publish()

    first = signed.shop.world.spawn("sync", cwd=signed.shop.root).ok()
    again = signed.shop.world.spawn("sync", cwd=signed.shop.root).ok()
    with a_keyring() as empty:
        world = signed.shop.world.having(**empty.environ)
        later = world.spawn("sync", cwd=signed.shop.root)
    signed.shop.remote("a").commit({"read.me": "unsigned\n"})
    updated = signed.run("lock", "--update")

    assert "verified: 2 by the commit, 1 exempt\n" in first.stdout
    assert "verified: 2 by the commit, 1 exempt\n" in again.stdout
    later.failed(ExitCode.INVALID, "2 of 3 commits")
    updated.failed(ExitCode.INVALID, "1 of 3 commits")


def test_a_lock_from_a_pinned_manifest_is_verified_too(signed: Signed) -> None:
    signed.run("lock").ok()
    signed.run("lock", "--export-xml", "pinned.xml").ok()
    tip = signed.shop.remote("a").commit({"read.me": "unsigned\n"})
    file = signed.shop.root / "pinned.xml"
    before = signed.shop.lock_file.read_bytes()
    file.write_text(file.read_text().replace(signed.shop.locked()["projects/a"], tip))

    signed.run("lock", "--from-xml", "pinned.xml", _VERIFY).failed(ExitCode.INVALID, "1 of")

    assert signed.shop.lock_file.read_bytes() == before


def test_keys_without_anything_to_verify_are_a_mistake(signed: Signed) -> None:
    outcome = signed.run("sync", "--allow-unsigned", "b")

    outcome.failed(ExitCode.USAGE, "no signature is asked for")
    assert "add `--verify-signatures`" in outcome.stderr


@pytest.mark.parametrize(
    ("program", "package"), [("gpg", "gnupg"), ("ssh-keygen", "openssh-client")]
)
def test_a_missing_program_is_named_with_what_installs_it(
    signed: Signed, tmp_path: Path, program: str, package: str
) -> None:
    signer = ssh_signer(tmp_path)
    signers = allow(tmp_path / "signers", signer)
    for name in ("a", "b"):
        signer.sign_commit(signed.shop.remote(name))
    signed.publish()
    folder = bin_folder(tmp_path / "bin", without=(program,))
    exempt = ("--allow-unsigned-manifest",) if program == "ssh-keygen" else ()
    world = signed.shop.world.having(PATH=str(folder))

    outcome = world.run(
        "lock", _VERIFY, "--allowed-signers", str(signers), *exempt, cwd=signed.shop.root
    )

    outcome.failed(ExitCode.ENVIRONMENT)
    assert f"program `{program}` was not found" in outcome.stderr
    assert f"apt-get install {package}" in outcome.stderr


def test_init_writes_down_what_has_to_be_signed(
    world: World, tmp_path: Path, keyring: Keyring
) -> None:
    root = tmp_path / "w"
    root.mkdir()
    words = ("--app", "bringup", "--platform", "qemu-arm-virt", _VERIFY, "--allow-unsigned", "x")

    world.having(**keyring.environ).run("init", *words, cwd=root).ok()

    assert '[signatures]\nunsigned = ["x"]\n' in (root / "sel4build.toml").read_text()
    assert "verified: 1 of this program" in world.run("sync", cwd=root).ok().stdout


def test_a_submanifest_has_to_be_signed_too(signed: Signed) -> None:
    shop = signed.shop
    sub = GitRemote.create(shop.folder / "remotes" / "sub")
    head = '<remote name="o" fetch="."/><default remote="o" revision="main"/>'
    sub.commit({"default.xml": f'<manifest>{head}<project name="b"/></manifest>'})
    top = f'<remote name="o" fetch="file://{shop.folder}/remotes"/>'
    top += '<default remote="o" revision="main"/><submanifest name="main" project="sub" path="x"/>'
    shop.manifest.commit({"default.xml": f"<manifest>{top}</manifest>"})
    signed.signer.sign_commit(shop.manifest)

    refused = signed.run("lock", _VERIFY)

    refused.failed(ExitCode.INVALID)
    assert "is not signed" in refused.stderr
    assert signed.is_unlocked()
    signed.run("lock").ok()
    signed.run("sync", _VERIFY).failed(ExitCode.INVALID, "1 of 3 commits")
    assert not (shop.root / "x").exists()
    signed.signer.sign_commit(sub)
    signed.run("lock", "--update").ok()
    synced = signed.run("sync", _VERIFY, "--json").ok().object("sync")
    assert [each["path"] for each in synced["signatures"]] == [None, "x/b", "x (submanifest)"]
