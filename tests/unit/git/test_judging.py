# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of what the words of gpg and ssh-keygen mean."""

import pytest

from sel4build.git.judging import Trust, Verdict, find_scheme, judge_gpg, judge_ssh
from sel4build.model.signatures import Fault, Scheme, Signature

_PRIMARY = "A" * 40
_SUBKEY = "B" * 40
_VALID = f"VALIDSIG {_SUBKEY} 2026-01-01 1767225600 0 4 0 22 8 00 {_PRIMARY}"
_GOOD = "GOODSIG BBBB Some One%3A <one@example.com>"


def _gpg(*lines: str, succeeded: bool = True, least: Trust = Trust.MARGINAL) -> Verdict:
    status = "".join(f"[GNUPG:] {line}\n" for line in ("NEWSIG", *lines))
    return judge_gpg(status, succeeded=succeeded, least=least)


def test_a_good_signature_is_known_by_its_primary_key() -> None:
    verdict = _gpg(_GOOD, _VALID, "TRUST_FULLY 0 pgp")

    assert verdict.signature == Signature(
        scheme=Scheme.GPG, signer="Some One: <one@example.com>", fingerprint=_PRIMARY
    )


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((_GOOD, _VALID, "TRUST_UNDEFINED 0 pgp"), Fault.UNTRUSTED_KEY),
        ((_GOOD, _VALID, "TRUST_NEVER 0 pgp"), Fault.UNTRUSTED_KEY),
        ((_GOOD, _VALID), Fault.UNTRUSTED_KEY),
        ((_GOOD, "TRUST_FULLY 0 pgp"), Fault.UNREADABLE),
        ((_GOOD, _VALID, "BADSIG AAAA X", "TRUST_FULLY 0 pgp"), Fault.UNREADABLE),
        ((_GOOD, _GOOD, _VALID, _VALID, "TRUST_FULLY 0 pgp"), Fault.UNREADABLE),
        (("BADSIG AAAA Some One",), Fault.BAD),
        (("EXPSIG AAAA Some One", _VALID), Fault.EXPIRED_SIGNATURE),
        (("EXPKEYSIG AAAA Some One", _VALID), Fault.EXPIRED_KEY),
        (("REVKEYSIG AAAA Some One", _VALID), Fault.REVOKED_KEY),
        (("ERRSIG AAAA 22 8 00 1767225600 9 -", "NO_PUBKEY AAAA"), Fault.UNKNOWN_KEY),
        (("NODATA 4",), Fault.UNREADABLE),
        ((), Fault.UNREADABLE),
    ],
)
def test_everything_else_is_refused(lines: tuple[str, ...], fault: Fault) -> None:
    verdict = _gpg(*lines)

    assert verdict.signature is None
    assert verdict.fault is fault
    assert verdict.reason


def test_a_good_word_counts_for_nothing_when_git_refuses() -> None:
    assert _gpg(_GOOD, _VALID, "TRUST_FULLY 0 pgp", succeeded=False).signature is None
    text = 'Good "git" signature for me with ED25519 key SHA256:abc\n'
    assert judge_ssh(text, succeeded=True).signature is not None
    assert judge_ssh(text, succeeded=False).signature is None


def test_a_key_that_must_never_be_trusted_never_is() -> None:
    verdict = _gpg(_GOOD, _VALID, "TRUST_NEVER 0 pgp", least=Trust.UNDEFINED)

    assert verdict.fault is Fault.UNTRUSTED_KEY
    assert _gpg(_GOOD, _VALID, "TRUST_UNDEFINED 0 pgp", least=Trust.UNDEFINED).signature


def test_a_line_of_a_message_is_no_status_line() -> None:
    status = f"gpg: [GNUPG:] {_GOOD}\n  [GNUPG:] {_VALID}\n"

    assert judge_gpg(status, succeeded=True, least=Trust.UNDEFINED).signature is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Could not verify signature.\n", Fault.UNREADABLE),
        (
            "Could not verify signature.\nSignature verification failed: incorrect signature\n",
            Fault.BAD,
        ),
        (
            'Good "git" signature with ED25519 key SHA256:abc\nNo principal matched.\n',
            Fault.UNKNOWN_KEY,
        ),
        (
            (
                'Good "git" signature with ED25519 key SHA256:abc\n'
                "/x:1: key is not yet valid: verify time 2026 < valid-after 2030\n"
            ),
            Fault.EXPIRED_KEY,
        ),
        (
            (
                "error: gpg.ssh.allowedSignersFile needs to be configured and exist for ssh "
                "signature verification\n"
            ),
            Fault.NO_SIGNERS,
        ),
        ("", Fault.UNREADABLE),
    ],
)
def test_what_ssh_refuses_is_told_apart(text: str, fault: Fault) -> None:
    assert judge_ssh(text, succeeded=False).fault is fault


@pytest.mark.parametrize(
    ("kind", "text", "scheme"),
    [
        ("commit", "tree 1\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n\nsubject\n", Scheme.GPG),
        ("commit", "tree 1\ngpgsig -----BEGIN SSH SIGNATURE-----\n \n\nsubject\n", Scheme.SSH),
        ("commit", "tree 1\n\ngpgsig -----BEGIN SSH SIGNATURE-----\n", Fault.UNSIGNED),
        ("commit", "tree 1\ngpgsig -----BEGIN SIGNED MESSAGE-----\n\n", Fault.UNREADABLE),
        ("tag", "object 1\n\nx\n-----BEGIN PGP SIGNATURE-----\n", Scheme.GPG),
        ("tag", "object 1\n\nx\n-----BEGIN PGP MESSAGE-----\n", Scheme.GPG),
        (
            "tag",
            "object 1\n\n-----BEGIN PGP SIGNATURE-----\nx\n-----BEGIN SSH SIGNATURE-----\n",
            Scheme.SSH,
        ),
        ("tag", "object 1\n\nx\n-----BEGIN SIGNED MESSAGE-----\n", Fault.UNREADABLE),
        ("tag", "", Fault.UNSIGNED),
    ],
)
def test_the_scheme_is_that_of_the_armour(kind: str, text: str, scheme: Scheme | Fault) -> None:
    found = find_scheme(kind, text)

    assert (found.fault if isinstance(found, Verdict) else found) is scheme
