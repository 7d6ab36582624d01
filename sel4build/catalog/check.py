# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Checks across the files of a catalogue: names, references, templates, limits."""

import re
from collections.abc import Iterable, Iterator

from sel4build.catalog.merge import Problem
from sel4build.catalog.templates import why_bad_template
from sel4build.errors import Span
from sel4build.model.app import App, OptionKind, OptionSpec
from sel4build.model.catalog import Catalog
from sel4build.model.platform import ImageRule, Platform
from sel4build.reading import suggest

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WORD_SIZES = (32, 64)
_BOOT_FIELDS = ("image", "kernel", "load")
_BOOLEANS = ("ON", "OFF")


def check_catalog(catalog: Catalog) -> tuple[Problem, ...]:
    """Return every problem that only shows when the files are seen together."""
    return (
        *_check_platforms(catalog),
        *(problem for app in catalog.apps for problem in _check_app(app, catalog)),
        *_check_toolchains(catalog),
    )


def why_bad_name(name: str) -> str | None:
    """Say why `name` cannot name an app, a platform or a toolchain, or None when it can."""
    if _NAME.fullmatch(name):
        return None
    return f"{name!r} is no name: it takes letters, digits, `.`, `_` and `-`"


def _check_platforms(catalog: Catalog) -> Iterator[Problem]:
    for platform in catalog.platforms:
        yield from _check_platform(platform)
        for alias in platform.aliases:
            other = catalog.platform(alias)
            if other is not None:
                yield _at(platform, "aliases"), f"alias `{alias}` is the name of a platform"
    families: dict[str, Platform] = {}
    for platform in catalog.platforms:
        for alias in platform.aliases:
            first = families.setdefault(alias, platform)
            if first.kernel_platform != platform.kernel_platform:
                yield (
                    _at(platform, "aliases"),
                    f"alias `{alias}` also means `{first.name}`, which is no kin",
                )


def _check_platform(platform: Platform) -> Iterator[Problem]:
    if platform.word_size not in _WORD_SIZES:
        yield _at(platform, "word-size"), "the word size is 32 or 64"
    if platform.max_num_nodes < 1:
        yield _at(platform, "max-num-nodes"), "a platform has at least 1 node"
    yield from _check_image(platform, platform.image)
    for method in platform.boot:
        texts = (*method.commands, *method.notes)
        yield from _check_templates(_at(platform, "boot"), texts, _BOOT_FIELDS)


def _check_image(platform: Platform, image: ImageRule) -> Iterator[Problem]:
    names = tuple(each for each in (image.name, image.kernel_name) if each is not None)
    yield from _check_templates(_at(platform, "image.name"), names, ("rootserver",))
    if any("/" in each for each in names):
        yield _at(platform, "image.name"), "an image's name is a file name, without folders"


def _check_app(app: App, catalog: Catalog) -> Iterator[Problem]:
    yield from _check_app_platforms(app, catalog)
    for key in ("variables", "expected", "forced"):
        for name, template in getattr(app, key).items():
            span = app.spans.get(f"{key}.{name}", app.span)
            yield from _check_templates(span, (template,))
    for option in app.options:
        yield from _check_option(option, app, catalog)
    yield from _check_keys(app)
    yield from _check_ci_builds(app)
    for said, meant in app.translated.items():
        if "=" not in said or "=" not in meant:
            span = app.spans.get(f"translated.{said}", app.span)
            yield span, "what is translated is `NAME=VALUE`, and so is what is meant"
    for root in app.guest_roots:
        yield from _check_templates(app.span, root.variables.values(), ("root",))
    for related in app.related:
        if catalog.app(related) is None:
            names = (each.name for each in catalog.apps)
            span = app.spans.get("related", app.span)
            yield span, f"unknown app `{related}`{_did_you_mean(related, names)}"


def _check_app_platforms(app: App, catalog: Catalog) -> Iterator[Problem]:
    seen: set[str] = set()
    for each in app.platforms:
        platform = catalog.platform(each.platform)
        if platform is None:
            names = (known.name for known in catalog.platforms)
            did_you_mean = _did_you_mean(each.platform, names)
            yield each.span, f"unknown platform `{each.platform}`{did_you_mean}"
        elif app.num_nodes is not None and not 1 <= app.num_nodes <= platform.max_num_nodes:
            yield (
                app.spans.get("num-nodes", app.span),
                f"platform `{platform.name}` has 1 to {platform.max_num_nodes} nodes",
            )
        if each.platform in seen:
            yield each.span, f"platform `{each.platform}` is named twice"
        seen.add(each.platform)
        yield from _check_templates(each.span, each.forced.values())
        for variant in each.variants:
            if app.option(variant.option) is None:
                yield variant.span, f"app `{app.name}` has no option `{variant.option}`"


def _check_option(option: OptionSpec, app: App, catalog: Catalog) -> Iterator[Problem]:
    if (option.kind is OptionKind.CHOICE) != bool(option.choices):
        yield option.span, "`choices` belong to an option of kind `choice`, and to no other"
    allowed = _BOOLEANS if option.kind is OptionKind.BOOL else option.choices
    if option.default is not None and allowed and option.default not in allowed:
        yield option.span, f"the default is one of {_listed(allowed)}"
    for name in option.platforms:
        if catalog.platform(name) is None:
            yield option.span, f"unknown platform `{name}`"
    for name in option.needs:
        if app.option(name) is None:
            yield option.span, f"app `{app.name}` has no option `{name}`"


def _check_keys(app: App) -> Iterator[Problem]:
    """Refuse a key that is no name, or means two options on one platform."""
    everywhere = frozenset(each.platform for each in app.platforms)
    taken: dict[str, set[str]] = {}
    for option in app.options:
        if option.key is None:
            continue
        if _KEY.fullmatch(option.key) is None:
            yield option.span, f"key `{option.key}` is not made of lower-case words and `-`"
        there = taken.setdefault(option.key, set())
        platforms = everywhere.intersection(option.platforms) if option.platforms else everywhere
        if there & platforms:
            yield option.span, f"key `{option.key}` means another option too"
        there |= platforms


def _check_ci_builds(app: App) -> Iterator[Problem]:
    for build in app.ci_builds:
        if app.on(build.platform) is None:
            text = f"app `{app.name}` is not for platform `{build.platform}`"
            yield build.span, f"CI build `{build.name}`: {text}"


def _check_toolchains(catalog: Catalog) -> Iterator[Problem]:
    names = tuple(each.name for each in catalog.apps)
    for toolchain in catalog.toolchains:
        for name in toolchain.apps:
            if name not in names:
                yield toolchain.span, f"unknown app `{name}`{_did_you_mean(name, names)}"


def _check_templates(
    span: Span | None, templates: Iterable[str], fields: tuple[str, ...] | None = None
) -> Iterator[Problem]:
    for template in templates:
        wrong = why_bad_template(template, fields) if fields else why_bad_template(template)
        if wrong is not None:
            yield span, wrong


def _at(platform: Platform, key: str) -> Span | None:
    return platform.spans.get(key, platform.span)


def _did_you_mean(name: str, choices: Iterable[str]) -> str:
    meant = suggest(name, choices)
    return f"; did you mean `{meant}`?" if meant else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in names)
