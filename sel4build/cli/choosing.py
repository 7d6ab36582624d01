# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The options that choose a target, and what completes them in a shell."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sel4build.errors import UsageError

if TYPE_CHECKING:
    from sel4build.api.guests import GuestWishes
    from sel4build.model.app import OptionSpec
    from sel4build.model.catalog import Catalog

_BOOLEANS = ("on", "off")


def complete_app(incomplete: str) -> list[tuple[str, str]]:
    """Return the apps that begin so."""
    apps = _catalog().apps
    return [(each.name, each.summary) for each in apps if each.name.startswith(incomplete)]


def complete_platform(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the platforms that begin so: those of the app, where one is named."""
    catalog = _catalog()
    app = catalog.app(str(context.params.get("app")))
    return [
        (each.name, each.title)
        for each in catalog.platforms
        if each.name.startswith(incomplete) and (app is None or app.on(each.name))
    ]


def complete_ci_build(incomplete: str) -> list[tuple[str, str]]:
    """Return the builds of upstream's CI that begin so."""
    return [
        (build.name, f"{app.name} on {build.platform}")
        for app in _catalog().apps
        for build in app.ci_builds
        if build.name.startswith(incomplete)
    ]


def complete_option(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return names of options that begin so, or with `NAME=` the values of that option."""
    from sel4build.targets.defines import has_effect

    catalog = _catalog()
    app = catalog.app(str(context.params.get("app")))
    platform = catalog.platform(str(context.params.get("platform")))
    options = {
        (option.key, option.name): option
        for each in ((app,) if app is not None else catalog.apps)
        for option in each.options
        if option.key and (platform is None or has_effect(option, platform))
    }
    words = (word for option in options.values() for word in _words(option, incomplete))
    return sorted({word: text for word, text in words if word.startswith(incomplete)}.items())


def _words(option: "OptionSpec", incomplete: str) -> Iterator[tuple[str, str]]:
    from sel4build.model.app import OptionKind

    if "=" not in incomplete:
        is_switch = option.kind is OptionKind.BOOL
        yield f"{option.key}{'' if is_switch else '='}", option.summary
        return
    for value in _BOOLEANS if option.kind is OptionKind.BOOL else option.choices:
        yield f"{option.key}={value}", option.summary


def _catalog() -> "Catalog":
    from sel4build.catalog import load_catalog

    return load_catalog()


AppName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--app",
        metavar="APP",
        help="Application, such as vm_minimal.",
        show_default=False,
        autocompletion=complete_app,
    ),
]
PlatformName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--platform",
        metavar="PLATFORM",
        help="Board or machine; may be left out where the app has just one.",
        show_default=False,
        autocompletion=complete_platform,
    ),
]
NumNodes: TypeAlias = Annotated[
    str | None,
    typer.Option("--num-nodes", metavar="N", help="Cores given to the kernel.", show_default="1"),
]
NamedOptions: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="NAME[=VALUE]",
        help="Set an option by its name in the catalogue, such as rootfs=mmcblk0p2 or insecure.",
        show_default=False,
        autocompletion=complete_option,
    ),
]
Defines: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("-D", metavar="NAME=VALUE", help="Set a variable of CMake.", show_default=False),
]
CiBuildName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--ci-build",
        metavar="NAME",
        help="Take app, platform and options from a build of upstream's CI.",
        show_default=False,
        autocompletion=complete_ci_build,
    ),
]


GuestKernel: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--guest-kernel",
        metavar="FILE",
        help="Linux of your own for the guest, instead of the app's.",
        show_default=False,
    ),
]
GuestInitrd: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--guest-initrd",
        metavar="FILE",
        help="Initrd of your own for the guest.",
        show_default=False,
    ),
]
GuestDtb: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--guest-dtb",
        metavar="FILE",
        help="Device tree of your own for the guest.",
        show_default=False,
    ),
]
GuestBuildroot: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--guest-buildroot",
        metavar="DIR",
        help="Folder of Buildroot after its `make`: kernel and initrd for the guest.",
        show_default=False,
    ),
]


def guest_wishes(
    kernel: Path | None, initrd: Path | None, dtb: Path | None, buildroot: Path | None
) -> "GuestWishes":
    """Return what the options for a guest of the user's say; raises UsageError for no name."""
    from sel4build.api.guests import GuestWishes
    from sel4build.model.guest import GuestRole

    named = zip(GuestRole, (kernel, initrd, dtb), strict=True)
    files = {role: path for role, path in named if path is not None}
    for role, path in files.items():
        if path == Path():
            message = f"`--guest-{role}` names no file"
            raise UsageError(message, hint=f"write `--guest-{role} FILE`, or leave it out")
    return GuestWishes(files=files, buildroot=buildroot)


def read_option(word: str) -> tuple[str, str | None]:
    """Split `NAME` or `NAME=VALUE`."""
    name, equals, value = word.partition("=")
    return name, value if equals else None


def read_define(word: str) -> tuple[str, str]:
    """Split `NAME=VALUE`; raises UsageError without a value."""
    name, equals, value = word.partition("=")
    if not equals:
        message = f"`-D {word}` has no value"
        raise UsageError(message, hint=f"write `-D {word}=VALUE`")
    return name, value


def require_choice(app: str | None, ci_build: str | None, words: tuple[str, ...]) -> None:
    """Raise UsageError when nothing says which app is meant."""
    if app is None and ci_build is None and not any("CAMKES_VM_APP" in each for each in words):
        raise UsageError(
            "no app is named",
            hint="name one with `--app`, or a build of upstream's CI with `--ci-build`",
        )
