# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Put an app together from its own file and the layers below it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from sel4build.catalog.files import AppFile, AppPlatformFile, FamilyFile
from sel4build.errors import Span
from sel4build.model.app import App, AppPlatform, Console, OptionSpec
from sel4build.model.host import Need, Resources
from sel4build.model.platform import Platform

Problem = tuple[Span | None, str]
_T = TypeVar("_T")
_ALL = "*"
_MERGED_KEYS = ("variables.", "expected.", "forced.", "managed.", "implied.", "translated.")


class _Placed(Protocol):
    @property
    def spans(self) -> Mapping[str, Span]: ...


def merge_app(
    file: AppFile, families: Sequence[FamilyFile], platforms: Mapping[str, Platform]
) -> tuple[App | None, tuple[Problem, ...]]:
    """Return the app that `file` makes on top of `families`, the undermost first.

    What no layer says is a problem. Platforms that do not exist are passed on: the cross checks
    tell of them.
    """
    layers: tuple[FamilyFile | AppFile, ...] = (*families, file)
    manifest = _last(each.manifest for each in layers)
    rootserver = _last(each.rootserver for each in layers)
    errors = _last(each.console.errors for each in layers)
    timeout_s = _last(each.console.timeout_s for each in layers)
    if manifest is None or rootserver is None or errors is None or timeout_s is None:
        said = {
            "manifest": manifest,
            "rootserver": rootserver,
            "console.errors": errors,
            "console.timeout-s": timeout_s,
        }
        missing = tuple(key for key, value in said.items() if value is None)
        return None, tuple(_missing(file, key) for key in missing)
    console = Console(success=file.console.success or (), errors=errors, timeout_s=timeout_s)
    app = App(
        name=file.name,
        summary=file.summary,
        manifest=manifest,
        rootserver=rootserver,
        num_vms=file.num_vms,
        num_nodes=file.num_nodes,
        plain_path=_last(each.plain_path for each in layers) or False,
        bundled=file.bundled,
        needs_virtualization=file.num_vms > 0,
        variables=_merged(each.variables for each in layers),
        expected=_merged(each.expected for each in layers),
        forced=_merged(each.forced for each in layers),
        forced_by=_merged(each.forced_by for each in layers),
        managed=_merged(each.managed for each in layers),
        features=file.features,
        implied=_merged(each.implied for each in layers),
        translated=_merged(each.translated for each in layers),
        related=file.related,
        needs=_merged_needs(each.needs for each in layers),
        resources=Resources(
            memory_mib=_last(each.resources.memory_mib for each in layers),
            disk_mib=_last(each.resources.disk_mib for each in layers),
        ),
        options=_merged_options(each.options for each in layers),
        guest_roots=tuple(root for each in layers for root in each.guest_roots),
        ci_builds=file.ci_builds,
        platforms=tuple(_merged_platforms(file, families, platforms, console)),
        span=file.span,
        spans=_joined(layers),
    )
    unmarked = tuple(each for each in app.platforms if not each.console.success)
    return app, tuple(
        (each.span, f"app `{app.name}` has no success marker on platform `{each.platform}`")
        for each in unmarked
    )


def _missing(file: AppFile, key: str) -> Problem:
    return file.span, f"key `{key}` is missing, and no family of the app has it"


def _last(values: Iterable[_T | None]) -> _T | None:
    said = [each for each in values if each is not None]
    return said[-1] if said else None


def _merged(mappings: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {name: value for each in mappings for name, value in each.items()}


def _merged_options(layers: Iterable[tuple[OptionSpec, ...]]) -> tuple[OptionSpec, ...]:
    by_name = {each.name: each for options in layers for each in options}
    return tuple(by_name[name] for name in sorted(by_name))


def _merged_needs(layers: Iterable[tuple[Need, ...]]) -> tuple[Need, ...]:
    """Join the needs; of two of the same tool in different layers the upper one counts."""
    by_tool: dict[str, tuple[Need, ...]] = {}
    for needs in layers:
        for tool in dict.fromkeys(each.tool for each in needs):
            by_tool[tool] = tuple(each for each in needs if each.tool == tool)
    return tuple(need for needs in by_tool.values() for need in needs)


def _joined(layers: Sequence[_Placed]) -> dict[str, Span]:
    """Join the places: all of the last layer, and those of merged tables of the others."""
    *below, last = layers
    merged = {
        key: span
        for layer in below
        for key, span in layer.spans.items()
        if key.startswith(_MERGED_KEYS)
    }
    return {**merged, **last.spans}


def _merged_platforms(
    file: AppFile,
    families: Iterable[FamilyFile],
    platforms: Mapping[str, Platform],
    console: Console,
) -> Iterable[AppPlatform]:
    archs = tuple(each for family in families for each in family.archs)
    for each in _spelt_out(file.platforms, platforms):
        platform = platforms.get(each.platform)
        by_arch = tuple(arch for arch in archs if platform and arch.sel4_arch is platform.sel4_arch)
        yield AppPlatform(
            platform=each.platform,
            guest=each.guest,
            forced=_merged((*(arch.forced for arch in by_arch), each.forced)),
            features=each.features,
            console=replace(console, success=each.success or console.success),
            variants=each.variants,
            boot_first=each.boot_first,
            broken=each.broken,
            span=each.span,
            spans=_joined((*by_arch, each)),
        )


def _spelt_out(
    entries: tuple[AppPlatformFile, ...], platforms: Mapping[str, Platform]
) -> Iterable[AppPlatformFile]:
    named = {each.platform for each in entries}
    for each in entries:
        if each.platform != _ALL:
            yield each
            continue
        for name in sorted(platforms):
            if name not in named:
                yield replace(each, platform=name)
