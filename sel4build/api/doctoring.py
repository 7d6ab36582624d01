# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What this host has and lacks, found before anything is built."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.finding import find_workspace
from sel4build.api.preparing import pick_targets
from sel4build.api.selecting import select_wanted
from sel4build.catalog import load_catalog
from sel4build.configure.programs import find_cmake, find_ninja
from sel4build.configure.toolchains import ToolchainHost, choose_toolchain
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.model.catalog import App, Catalog, Platform, Sel4Arch
from sel4build.process import find_program
from sel4build.workspace.spec import read_spec

_APT = "apt-get install --no-install-recommends {packages}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked for."""

    what: str
    found: bool
    detail: str
    """Version or place when found, else the reason."""
    why: str
    """Which targets need it."""
    cure: str | None = None
    """The command that brings it."""
    packages: tuple[str, ...] = ()
    """Debian packages that bring it."""
    requirement: str | None = None
    """What pip installs to bring it without root."""


def examine(
    context: Context, directory: Path | None, wanted: tuple[str, ...]
) -> tuple[Finding, ...]:
    """Look for all that the `wanted` targets of a workspace need; all its targets by default.

    Outside of a workspace, for all that the bundled app needs on every platform.
    """
    workspace = find_workspace(context, directory)
    if workspace is None:
        catalog = load_catalog(context.overlays)
        app = bundled_app(catalog)
        platforms = [each for each in catalog.platforms if app.on(each.name) is not None]
        return examine_host(context, catalog, platforms, app=app.name)
    spec = read_spec(workspace)
    catalog = load_catalog(context.overlays_of(workspace, spec))
    targets = {str(each.id): select_wanted(catalog, each) for each in spec.targets}
    ids = pick_targets(targets, wanted) if wanted else tuple(targets)
    toolchains = {str(each.id): each.toolchain for each in spec.targets}
    return _merged(
        finding
        for id_ in ids
        for finding in examine_host(
            context,
            catalog,
            (targets[id_].platform,),
            app=targets[id_].app.name,
            toolchain=toolchains[id_],
        )
    )


def _merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join what is the same but for its reason, and tell what is missing for any target."""
    merged: dict[Finding, dict[str, None]] = {}
    for each in findings:
        merged.setdefault(replace(each, why=""), {})[each.why] = None
    return tuple(replace(each, why=", ".join(reasons)) for each, reasons in merged.items())


def bundled_app(catalog: Catalog) -> App:
    """Return the app whose sources we ship; raises InputError when the catalogue has none."""
    for app in catalog.apps:
        if app.bundled:
            return app
    message = "the catalogue has no app whose sources are shipped"
    raise InputError(message)


def examine_host(
    context: Context,
    catalog: Catalog,
    platforms: Iterable[Platform],
    *,
    app: str,
    toolchain: str | None = None,
) -> tuple[Finding, ...]:
    """Look for all that building `app` for `platforms`, and booting it in QEMU, needs.

    `toolchain` is the one that was asked for by name.
    """
    chosen = tuple(platforms)
    return (
        *_examine_tools(context),
        *_examine_compilers(context, catalog, chosen, app, toolchain),
        *_examine_machines(context, chosen),
    )


def _examine_tools(context: Context) -> Iterator[Finding]:
    environ, runner = context.environ, context.runner
    git = find_program("git", environ)
    yield Finding(
        what="git",
        found=git is not None,
        detail="not found" if git is None else str(git),
        why="every target",
        cure=_APT.format(packages="git"),
        packages=("git",),
    )
    for what, find in (("cmake", find_cmake), ("ninja", find_ninja)):
        try:
            program = find(environ, runner)
        except EnvironmentLacksError as error:
            detail, cure = error.message, error.hint
            yield Finding(what=what, found=False, detail=detail, why="every target", cure=cure)
        else:
            detail = f"{program.version_text}, {program.path}"
            yield Finding(what=what, found=True, detail=detail, why="every target")


def _examine_compilers(
    context: Context,
    catalog: Catalog,
    platforms: tuple[Platform, ...],
    app: str,
    wanted: str | None,
) -> Iterator[Finding]:
    host = ToolchainHost(
        environ=context.environ, cache_dir=context.cache_dir, runner=context.runner
    )
    for sel4_arch in sorted({platform.sel4_arch for platform in platforms}):
        why = ", ".join(each.name for each in platforms if each.sel4_arch == sel4_arch)
        what = f"compiler for {sel4_arch}"
        try:
            chosen = choose_toolchain(
                catalog.toolchains, sel4_arch, app=app, wanted=wanted, host=host
            )
        except EnvironmentLacksError as error:
            yield _missing_compiler(catalog, sel4_arch, app, what=what, why=why, error=error)
        else:
            detail = f"{chosen.toolchain.name}: {chosen.version}"
            yield Finding(what=what, found=True, detail=detail, why=why)


def _missing_compiler(
    catalog: Catalog,
    sel4_arch: Sel4Arch,
    app: str,
    *,
    what: str,
    why: str,
    error: EnvironmentLacksError,
) -> Finding:
    packages: tuple[str, ...] = ()
    requirement: str | None = None
    for toolchain in catalog.toolchains:
        if toolchain.apps and app not in toolchain.apps:
            continue
        for arch in toolchain.archs:
            if arch.sel4_arch != sel4_arch:
                continue
            requirement = requirement or toolchain.requirement
            if not packages and arch.debian_package:
                packages = (arch.debian_package,)
    return Finding(
        what=what,
        found=False,
        detail="; ".join(error.details),
        why=why,
        cure=error.hint,
        packages=packages,
        requirement=requirement,
    )


def _examine_machines(context: Context, platforms: tuple[Platform, ...]) -> Iterator[Finding]:
    binaries = sorted({each.qemu.binary for each in platforms if each.qemu is not None})
    for binary in binaries:
        played = [each for each in platforms if each.qemu and each.qemu.binary == binary]
        why = f"booting {', '.join(each.name for each in played)}"
        program = find_program(binary, context.environ)
        if program is not None:
            yield Finding(what=binary, found=True, detail=str(program), why=why)
            continue
        packages = tuple(sorted({each.qemu.debian_package for each in played if each.qemu}))
        yield Finding(
            what=binary,
            found=False,
            detail="not found",
            why=why,
            cure=_APT.format(packages=" ".join(packages)),
            packages=packages,
        )
