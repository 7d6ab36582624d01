# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare the catalogue with the sources of a workspace."""

from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.finding import find_workspace
from sel4build.catalog import load_catalog
from sel4build.configure.plan import find_source_tree
from sel4build.errors import InputError, Sel4BuildError
from sel4build.model.facts import Difference
from sel4build.targets.audit import audit_catalog
from sel4build.targets.audit_apps import variant_questions
from sel4build.workspace.spec import read_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was compared, and where the two sides differ."""

    num_apps: int
    num_platforms: int
    differences: tuple[Difference, ...]


def audit(context: Context, directory: Path | None) -> Audit:
    """Compare the catalogue with the workspace at `directory`, by default the current one.

    A folder that holds synced sources without being a workspace of ours will do. Raises InputError
    where there are no VM examples to compare with.
    """
    from sel4build.sources.read import (  # noqa: PLC0415  only where sources are read
        fault_warnings,
        read_sources,
    )

    root = (context.cwd / directory if directory else context.cwd).resolve()
    workspace = find_workspace(replace(context, cwd=root))
    root = workspace.root if workspace else root
    spec = read_spec(workspace) if workspace else None
    overlays = context.overlays_of(workspace, spec) if workspace and spec else context.overlays
    catalog = load_catalog(overlays)
    for note in catalog.notes:
        context.reporter.note(note)
    names = tuple(app.name for app in catalog.apps)
    facts = read_sources(
        root,
        boards=[platform.name for platform in catalog.platforms],
        variants=variant_questions(catalog, names),
        examples=examples_of(root),
    )
    if not facts.apps:
        message = f"`{root}` has no VM examples to compare with"
        hint = "run `sel4build sync`, or name a workspace: `--workspace DIR`"
        raise InputError(message, hint=hint)
    for warning in fault_warnings(facts):
        context.reporter.warn(warning)
    manifest = spec.manifest.name if spec else None
    return Audit(
        num_apps=len(facts.apps),
        num_platforms=len(facts.boards),
        differences=audit_catalog(catalog, facts, manifest=manifest),
    )


def examples_of(root: Path) -> str:
    """Return the folder of the VM examples in the workspace at `root`."""
    from sel4build.sources.layout import EXAMPLES  # noqa: PLC0415  only where sources are read

    try:
        source_dir = find_source_tree(root).source_dir
        inside = source_dir.resolve().relative_to(root.resolve()).as_posix()
    except (Sel4BuildError, ValueError):
        return EXAMPLES
    return EXAMPLES if inside == "." else inside
