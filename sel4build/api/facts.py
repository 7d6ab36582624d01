# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the sources of a workspace say of one app on one platform."""

from collections.abc import Mapping

from sel4build.api.auditing import examples_of
from sel4build.model.facts import SourceFacts, VariantQuestion
from sel4build.model.target import Target
from sel4build.model.workspace import Workspace


def given_of(target: Target) -> dict[str, str]:
    """Return what decides the settings of `target` beside its app and platform."""
    return {"NUM_NODES": str(target.num_nodes), **target.cmake_defines}


def read_facts(
    workspace: Workspace,
    app: str,
    platform: str | None,
    given: Mapping[str, str] | None = None,
) -> SourceFacts | None:
    """Return what is said of `app` on `platform`; None where the sources do not have the app.

    With `given` variables the app is also followed with them.
    """
    from sel4build.sources.read import read_sources  # noqa: PLC0415  only where sources are read

    facts = read_sources(
        workspace.root,
        apps=(app,),
        boards=() if platform is None else (platform,),
        variants=(VariantQuestion(app=app, board=platform, given=given),)
        if platform is not None and given
        else (),
        is_narrow=True,
        examples=examples_of(workspace.root),
    )
    return facts if facts.apps else None
