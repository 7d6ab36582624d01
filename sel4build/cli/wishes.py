# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From options that several commands take to what a sync is asked for, and back to text."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sel4build.cli.session import Session
from sel4build.errors import UsageError

if TYPE_CHECKING:
    from sel4build.api.verifying import SignatureWishes
    from sel4build.git.supply import FetchOptions
    from sel4build.model.signatures import Verified
    from sel4build.workspace.placing import LeftAlone


def fetch_options(
    depth: int | None,
    filter_spec: str | None,
    reference: list[Path] | None,
    mirror: list[Path] | None,
    offline: bool,  # noqa: FBT001 - in the order of the options
) -> "FetchOptions":
    """Return how commits are to be fetched; raise UsageError for a folder that is not there."""
    from sel4build.git.supply import FetchOptions

    for option, folders in (("--reference", reference), ("--mirror", mirror)):
        for folder in folders or ():
            if not folder.is_dir():
                message = f"`{option} {folder}`: there is no such folder"
                raise UsageError(message)
    return FetchOptions(
        depth=depth,
        filter_spec=filter_spec,
        references=tuple(folder.resolve() for folder in reference or ()),
        mirrors=tuple(folder.resolve() for folder in mirror or ()),
        is_offline=offline,
    )


def signature_wishes(
    session: Session,
    *,
    is_wanted: bool,
    unsigned: list[str] | None,
    unsigned_manifest: bool,
    allowed_signers: Path | None,
    gpg_home: Path | None,
) -> "SignatureWishes":
    """Return what has to be signed; places are those of the current folder."""
    from sel4build.api.verifying import SignatureWishes
    from sel4build.model.signatures import SignaturePolicy

    base = session.context.cwd
    return SignatureWishes(
        is_wanted=is_wanted,
        policy=SignaturePolicy(
            unsigned=tuple(each.rstrip("/") for each in unsigned or ()),
            unsigned_manifest=unsigned_manifest,
            allowed_signers=None if allowed_signers is None else str(base / allowed_signers),
            gpg_home=None if gpg_home is None else str(base / gpg_home),
        ),
    )


def left_alone_record(left: "LeftAlone") -> dict[str, object]:
    """Return what a sync did not touch, and why, as `--json` shows it."""
    work = left.work
    return {
        "path": left.path,
        "reason": left.reason,
        "operation": work.operation if work else None,
        "branch": work.branch if work else None,
        "local-commits": work.num_commits if work else 0,
        "stashes": work.num_stashes if work else 0,
        "files": list(left.files),
    }


def verified_records(verified: "Sequence[Verified] | None") -> list[dict[str, object]] | None:
    """Return who vouches for what, as `--json` shows it; None when nobody was asked."""
    if verified is None:
        return None
    return [
        {
            "path": each.path,
            "commit": each.commit,
            "evidence": each.evidence,
            "tag": each.tag,
            "scheme": each.signature.scheme if each.signature else None,
            "signer": each.signature.signer if each.signature else None,
            "fingerprint": each.signature.fingerprint if each.signature else None,
        }
        for each in verified
    ]


def verified_text(verified: "Sequence[Verified] | None") -> str:
    """Return a line that counts what was verified, and one for each key; nothing without."""
    from sel4build.console.controls import strip_controls
    from sel4build.model.signatures import Evidence

    if verified is None:
        return ""
    words = {
        Evidence.COMMIT: "by the commit",
        Evidence.TAG: "by a tag",
        Evidence.BUNDLED: "of this program",
        Evidence.EXEMPT: "exempt",
    }
    counts = [
        f"{count} {text}"
        for evidence, text in words.items()
        if (count := sum(each.evidence is evidence for each in verified))
    ]
    keys = sorted(
        {(each.signature.signer, each.signature.fingerprint) for each in verified if each.signature}
    )
    lines = [f"verified: {', '.join(counts)}"]
    lines += [f"  {strip_controls(signer)} {fingerprint}" for signer, fingerprint in keys]
    return "".join(f"{line}\n" for line in lines)
