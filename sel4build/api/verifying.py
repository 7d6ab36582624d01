# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Put together what has to be signed: what the workspace says, and what was asked for now."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from sel4build.api.context import Context
from sel4build.errors import UsageError
from sel4build.git.client import Git
from sel4build.git.supply import FetchOptions
from sel4build.model.signatures import SignaturePolicy
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.workspace.verifying import Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureWishes:
    """What the command line says of signatures; paths are absolute."""

    is_wanted: bool = False
    policy: SignaturePolicy = field(default_factory=SignaturePolicy)


def join_policies(
    recorded: SignaturePolicy | None, wishes: SignatureWishes
) -> SignaturePolicy | None:
    """Return what has to be signed; None when nobody asks.

    The wishes come on top: exemptions add up, keys replace. Raises UsageError for keys or
    exemptions without anything to be verified.
    """
    wanted = wishes.policy
    if recorded is None and not wishes.is_wanted:
        if wanted != SignaturePolicy():
            message = "keys and exemptions are named, but no signature is asked for"
            raise UsageError(message, hint="add `--verify-signatures`")
        return None
    recorded = recorded or SignaturePolicy()
    return SignaturePolicy(
        unsigned=tuple(dict.fromkeys((*recorded.unsigned, *wanted.unsigned))),
        unsigned_manifest=recorded.unsigned_manifest or wanted.unsigned_manifest,
        allowed_signers=wanted.allowed_signers or recorded.allowed_signers,
        gpg_home=wanted.gpg_home or recorded.gpg_home,
    )


def recorded_policy(
    before: SignaturePolicy | None, wishes: SignatureWishes, workspace: Workspace
) -> SignaturePolicy | None:
    """Return the policy that a workspace is to keep; keys inside of it are named relative to it."""
    policy = join_policies(before, wishes)
    if policy is None:
        return None
    return replace(
        policy,
        allowed_signers=_seen_from(workspace.root, policy.allowed_signers),
        gpg_home=_seen_from(workspace.root, policy.gpg_home),
    )


def verifier_of(
    context: Context,
    workspace: Workspace,
    spec: WorkspaceSpec,
    *,
    git: Git,
    fetch: FetchOptions,
    wishes: SignatureWishes,
) -> Verifier | None:
    """Return what verifies the commits of a workspace; None when nobody asks for it."""
    policy = join_policies(spec.signatures, wishes)
    if policy is None:
        return None
    return Verifier(
        workspace, policy, git=git, fetch=fetch, reporter=context.reporter, jobs=context.jobs
    )


def _seen_from(root: Path, place: str | None) -> str | None:
    if place is None or not Path(place).is_relative_to(root):
        return place
    return os.path.relpath(place, root)
