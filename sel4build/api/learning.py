# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Whether `init` asks the sources before it refuses, and what they say of what it took."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace

from sel4build.api.context import Context
from sel4build.api.knowing import Asked, correct_catalog
from sel4build.api.own_apps import is_path
from sel4build.api.selecting import RejectedError, select_one
from sel4build.errors import Sel4BuildError
from sel4build.model.catalog import Catalog
from sel4build.model.lock import ManifestOrigin
from sel4build.model.target import Selection
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.workspace.spec import read_spec, write_spec

# `message(FATAL_ERROR ...)` in a settings script, which knows of nothing but the selection.
_REFUSED_BY_SOURCES = re.compile(r"^CMake Error at .*settings\.cmake:\d+ \(message\):")
_UNKNOWN = frozenset({"unknown-app", "unknown-platform"})
_OF_OTHER_SOURCES = frozenset({"app-not-on-platform", "platform-ignored", "no-board"})


def asked_of(selections: tuple[Selection, ...]) -> tuple[Asked, ...]:
    """Return what the sources are to be asked for `selections`."""
    return tuple(Asked(app=each.app, platform=each.platform) for each in selections)


def origin_to_learn_from(
    catalog: Catalog,
    selections: tuple[Selection, ...],
    origin: ManifestOrigin | None,
    error: RejectedError,
) -> ManifestOrigin | None:
    """Return the manifest whose sources may know what the catalogue does not; None for none.

    The catalogue decides about what it knows, unless the sources are not those that it is about.
    """
    if any(is_path(each.app) for each in selections):
        shipped = (each.manifest for each in catalog.apps if not each.bundled)
        return origin or next((ManifestOrigin(name=name) for name in shipped), None)
    rule = error.rejections[0].rule
    is_strange = origin is not None and origin.name is None and rule in _OF_OTHER_SOURCES
    return origin if rule in _UNKNOWN or is_strange else None


def require_in_sources(
    context: Context,
    workspace: Workspace,
    catalog: Catalog,
    selections: tuple[Selection, ...],
    without: WorkspaceSpec,
) -> None:
    """Select again, now that the sources can be asked; what they refuse is not recorded."""
    asked = asked_of(selections)
    corrected = correct_catalog(context, workspace, catalog, asked, is_quiet=True)
    try:
        for selection in selections:
            select_one(corrected, selection)
    except RejectedError:
        write_spec(without, workspace)
        raise


@contextlib.contextmanager
def forgetting_refused(
    context: Context, workspace: Workspace, before: WorkspaceSpec | None
) -> Iterator[None]:
    """Record no target that the sources themselves refuse: it could never be built.

    Any other failure may be cured, and the target then goes on.
    """
    try:
        yield
    except Sel4BuildError as error:
        if any(_REFUSED_BY_SOURCES.search(line) for line in error.details):
            spec = read_spec(workspace)
            kept = before.targets if before is not None else ()
            write_spec(replace(spec, targets=kept), workspace)
            gone = ", ".join(f"`{each.id}`" for each in spec.targets if each not in kept)
            context.reporter.note(f"{gone} is not recorded: the sources refuse it")
        raise
