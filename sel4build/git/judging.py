# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What gpg and ssh-keygen say of a signature, as values. Pure: the words come from `signatures`.

Of gpg the status lines are read (GnuPG, doc/DETAILS), of ssh-keygen the lines that git itself reads
(gpg-interface.c); neither is translated. What is not understood is refused.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import unquote

from sel4build.model.signatures import Fault, Scheme, Signature

_STATUS = re.compile(r"^\[GNUPG:\] ([A-Z_]+) ?(.*)$", re.MULTILINE)
# Each of these ends the story of one signature; two of them are two signatures.
_VERDICTS = ("GOODSIG", "BADSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "ERRSIG")
_FAULTS = {
    "BADSIG": (Fault.BAD, "has a bad signature, said to be of"),
    "EXPSIG": (Fault.EXPIRED_SIGNATURE, "has a signature that has expired, of"),
    "EXPKEYSIG": (Fault.EXPIRED_KEY, "is signed by a key that has expired:"),
    "REVKEYSIG": (Fault.REVOKED_KEY, "is signed by a key that was revoked:"),
}
_PRIMARY = 9  # of VALIDSIG: the fingerprint of the primary key
_GOOD_SSH = re.compile(r'Good "git" signature for (.+) with (\S+) key (SHA256:\S+)')
_LONE_SSH = re.compile(r'^Good "git" signature with \S+ key (SHA256:\S+)$', re.MULTILINE)
_EXPIRED_SSH = re.compile(r": key (?:has expired|is not yet valid)")
_ARMOURS = (
    ("-----BEGIN PGP SIGNATURE-----", Scheme.GPG),
    ("-----BEGIN PGP MESSAGE-----", Scheme.GPG),
    ("-----BEGIN SSH SIGNATURE-----", Scheme.SSH),
)
_OTHER_ARMOUR = "-----BEGIN SIGNED MESSAGE-----"


class Trust(IntEnum):
    """How far gpg believes that a key is that of its user id."""

    NEVER = 0
    UNDEFINED = 1
    MARGINAL = 2
    FULLY = 3
    ULTIMATE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be thought of one object: a signature, or a fault with its reason."""

    signature: Signature | None = None
    fault: Fault = Fault.UNREADABLE
    reason: str = ""


def refuse(fault: Fault, reason: str) -> Verdict:
    """Return the verdict of a fault; `reason` goes on behind the name of the object."""
    return Verdict(fault=fault, reason=reason)


def find_scheme(kind: str, text: str) -> Scheme | Verdict:
    """Tell by which scheme the commit or tag `text`, as git stores it, is signed.

    A commit carries its signature in the header `gpgsig`, a tag at its end (gitformat-signature).
    """
    if kind == "commit":
        head = text.partition("\n\n")[0].splitlines()
        lines = [each.removeprefix("gpgsig ") for each in head if each.startswith("gpgsig ")][:1]
    else:
        armours = (*(each for each, _scheme in _ARMOURS), _OTHER_ARMOUR)
        lines = [each for each in text.splitlines() if each.startswith(armours)][-1:]
    if not lines:
        return refuse(Fault.UNSIGNED, "is not signed")
    for armour, scheme in _ARMOURS:
        if lines[0].startswith(armour):
            return scheme
    return refuse(Fault.UNREADABLE, "is signed neither with gpg nor with ssh")


def judge_gpg(status: str, *, succeeded: bool, least: Trust) -> Verdict:
    """Judge what gpg said on its status descriptor; the key has to be trusted `least` so far."""
    said: dict[str, list[str]] = {}
    for word, rest in _STATUS.findall(status):
        said.setdefault(word, []).append(rest)
    verdicts = [(word, rest) for word in _VERDICTS for rest in said.get(word, [])]
    if len(verdicts) != 1:
        count = "several signatures" if verdicts else "a signature that gpg cannot read"
        return refuse(Fault.UNREADABLE, f"has {count}")
    ((word, rest),) = verdicts
    key_id, _space, user_id = rest.partition(" ")
    user_id = unquote(user_id)
    if word == "ERRSIG":
        key = rest.split()[-1].lstrip("-") or key_id
        return refuse(Fault.UNKNOWN_KEY, f"is signed by the key `{key}`, which is in no keyring")
    fingerprint = _fingerprint(said) or key_id
    if word in _FAULTS:
        fault, reason = _FAULTS[word]
        return refuse(fault, f"{reason} `{user_id}` ({fingerprint})")
    if not succeeded or not _fingerprint(said):
        return refuse(Fault.UNREADABLE, "has a signature that git does not accept")
    if _trust(said) < least:
        reason = f"is signed by a key that is not trusted: `{user_id}` ({fingerprint})"
        return refuse(Fault.UNTRUSTED_KEY, reason)
    signature = Signature(scheme=Scheme.GPG, signer=user_id, fingerprint=fingerprint)
    return Verdict(signature=signature)


def judge_ssh(text: str, *, succeeded: bool, has_revocations: bool = False) -> Verdict:
    """Judge what ssh-keygen said; `has_revocations` when the user names a file of revoked keys."""
    first = text.partition("\n")[0]
    if succeeded and (good := _GOOD_SSH.fullmatch(first)):
        signature = Signature(scheme=Scheme.SSH, signer=good[1], fingerprint=good[3])
        return Verdict(signature=signature)
    lone = _LONE_SSH.search(text)
    if lone is not None:  # by a key that no signer has, or has at that time
        if _EXPIRED_SSH.search(text):
            reason = f"is signed by a key that was not valid at that time: {lone[1]}"
            return refuse(Fault.EXPIRED_KEY, reason)
        reason = f"is signed by the key {lone[1]}, which is not among the allowed signers"
        return refuse(Fault.UNKNOWN_KEY, reason)
    return _judge_ssh_failure(text, has_revocations=has_revocations)


def _judge_ssh_failure(text: str, *, has_revocations: bool) -> Verdict:
    if "incorrect signature" in text:
        return refuse(Fault.BAD, "has a bad signature")
    if "needs to be configured and exist" in text:
        return refuse(Fault.NO_SIGNERS, "is signed with ssh, but the file of signers is not there")
    if has_revocations:  # ssh-keygen says no more than that it refuses
        return refuse(Fault.REVOKED_KEY, "is signed by a key that was revoked")
    return refuse(Fault.UNREADABLE, "has a signature that ssh-keygen refuses")


def _fingerprint(said: dict[str, list[str]]) -> str:
    """Return the fingerprint of the primary key, by which people know a key, else ``."""
    words = said.get("VALIDSIG", [""])[0].split()
    return words[_PRIMARY] if len(words) > _PRIMARY else "".join(words[:1])


def _trust(said: dict[str, list[str]]) -> Trust:
    for level in Trust:
        if f"TRUST_{level.name}" in said:
            return level
    return Trust.UNDEFINED
