# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Make entries of the catalogue from facts: for a board or an app that it has never heard of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sel4build.model.app import App, AppPlatform, Console, OptionKind, OptionSpec
from sel4build.model.catalog import Catalog
from sel4build.model.facts import AppBoardFacts, AppFacts, BoardFacts
from sel4build.model.guest import GuestImages
from sel4build.model.platform import Arch, Gic, ImageFormat, ImageRule, Platform, Sel4Arch, Uart
from sel4build.targets.audit_apps import first_vm, guest_file, is_ours_to_know
from sel4build.targets.audit_platforms import image_name, kernel_name, most_nodes

_WORD_SIZES: Mapping[Sel4Arch, int] = {
    Sel4Arch.AARCH64: 64,
    Sel4Arch.X86_64: 64,
    Sel4Arch.ARM_HYP: 32,
    Sel4Arch.IA32: 32,
}
_UNKNOWN = "unknown"
_PROMPT = "login:"
"""What a Linux guest prints when it is up, whatever its distribution is called."""


def derive_platform(board: BoardFacts) -> Platform | None:
    """Return the platform that a board is; None for one that cannot run guests."""
    if board.sel4_arch is None or board.arch is None:
        return None
    nodes, reason = _nodes(board)
    form = board.image_format.value if board.image_format else None
    return Platform(
        name=board.name,
        title=board.name,
        kernel_platform=board.kernel_platform,
        kernel_arm_platform=board.variables.get("KernelARMPlatform") or _arm_name(board),
        arch=board.arch,
        sel4_arch=board.sel4_arch,
        word_size=_WORD_SIZES[board.sel4_arch],
        cpu=_known(board.cpu.value if board.cpu else None),
        max_num_nodes=nodes,
        num_nodes_reason=reason,
        image=ImageRule(
            format=form or ImageFormat.ELF, name=image_name(board), kernel_name=kernel_name(board)
        ),
        uart=Uart(
            driver=_known(next(iter(board.uart_compatible), None)),
            address=(board.uart.value if board.uart else None) or 0,
        ),
        gic=derive_gic(board),
        variables={"AARCH64": "1"} if board.needs_aarch64 else {},
        span=board.config,
        spans={"max-num-nodes": most.span if (most := most_nodes(board)) else board.config},
    )


def derive_gic(board: BoardFacts) -> Gic | None:
    """Return the interrupt controller, where all of it is known."""
    version = board.gic_version.value if board.gic_version else None
    distributor = board.distributor.value if board.distributor else None
    if version is None or distributor is None:
        return None
    return Gic(version=version, distributor=distributor)


def derive_app(catalog: Catalog, facts: AppFacts) -> App | None:
    """Return an app for a folder, with what the known apps of its architecture have in common.

    None where the catalogue has no app of that architecture to go by.
    """
    alike = tuple(
        each for each in catalog.apps if not each.bundled and _is_of(each, facts, catalog)
    )
    if not alike:
        return None
    first = alike[0]
    number = next((each.num_vms.value for each in facts.boards if each.num_vms), None) or 1
    common = tuple(each for each in first.options if all(each in app.options for app in alike))
    asked = tuple(each for each in derive_options(facts) if first.option(each.name) is None)
    model = replace(
        first,
        name=facts.name,
        summary=f"the app in {facts.folder}",
        num_vms=number,
        num_nodes=_pc_nodes(facts),
        forced=_shared(each.forced for each in alike),
        managed=_shared(each.managed for each in alike),
        variables=_shared(each.variables for each in alike),
        expected=_shared(each.expected for each in alike),
        features=(),
        related=(),
        options=tuple(sorted((*common, *asked), key=lambda each: each.name)),
        ci_builds=(),
        platforms=(),
        span=facts.span,
        spans={**first.spans, "platforms": facts.platforms_span, "name": facts.span},
    )
    console = Console(
        success=(_PROMPT,) * number,
        errors=first.platforms[0].console.errors,
        timeout_s=first.platforms[0].console.timeout_s,
    )
    platforms = tuple(
        derive_app_platform(model, facts.on(name), name, console) for name in facts.platforms
    )
    return replace(model, platforms=platforms)


def derive_options(facts: AppFacts) -> tuple[OptionSpec, ...]:
    """Return the options that an app's own scripts look at."""
    return tuple(
        OptionSpec(
            name=name, summary="looked at by the app's scripts", kind=OptionKind.TEXT, span=span
        )
        for name, span in facts.asked.items()
    )


def derive_app_platform(
    app: App, board: AppBoardFacts | None, name: str, console: Console
) -> AppPlatform:
    """Return `app` on the board `name`, of which `board` tells as far as it is known."""
    if board is None:
        return AppPlatform(
            platform=name, console=console, span=app.spans.get("platforms", app.span)
        )
    return AppPlatform(
        platform=name,
        guest=derive_guest(board),
        forced=dict(forced_on(app, board)),
        console=console,
        span=app.spans.get("platforms", app.span),
        spans={
            f"forced.{each.name}": each.span
            for each in board.settings.values()
            if is_ours_to_know(each)
        },
    )


def forced_on(app: App, board: AppBoardFacts) -> Iterator[tuple[str, str]]:
    """Yield what the sources force on a board beyond what they force on all."""
    spoken_for = {*app.forced, *app.managed, *app.variables, *app.expected}
    for name, said in board.settings.items():
        if name not in spoken_for and is_ours_to_know(said) and said.value is not None:
            # A template, as all that is forced: braces stand for themselves.
            yield name, said.value.replace("{", "{{").replace("}", "}}")


def derive_guest(board: AppBoardFacts) -> GuestImages:
    """Return the files and the memory of the first guest."""
    vm = first_vm(board.devices)

    def file(kind: str) -> str | None:
        found = guest_file(board, vm, kind)
        return found.value if found else None

    def number(name: str) -> int | None:
        found = vm.addresses.get(name) if vm else None
        return found.value if found else None

    vcpus = vm.num_vcpus.value if vm and vm.num_vcpus else (1 if vm else None)
    return GuestImages(
        linux=file("linux"),
        dtb=file("dtb"),
        initrd=file("initrd"),
        ram_base=number("ram_base"),
        ram_size=number("ram_size"),
        dtb_addr=number("dtb_addr"),
        initrd_addr=number("initrd_addr"),
        num_vcpus=vcpus,
    )


def _nodes(board: BoardFacts) -> tuple[int, str]:
    most = most_nodes(board)
    if board.smp_refused is not None:
        return 1, "upstream does not support SMP VMs on it"
    if most is None or most.value is None:
        return 1, "the sources do not say how many cores it has"
    return most.value, f"its device tree has {most.value} such cores"


def _arm_name(board: BoardFacts) -> str | None:
    return board.name if board.arch is Arch.ARM else None


def _known(text: str | None) -> str:
    return text or _UNKNOWN


def _is_of(app: App, facts: AppFacts, catalog: Catalog) -> bool:
    """Whether an app is of the architecture that a folder is for."""
    on = next((catalog.platform(each.platform) for each in app.platforms), None)
    return on is not None and on.arch is facts.arch


def _shared(mappings: Iterable[Mapping[str, str]]) -> dict[str, str]:
    first, *others = mappings
    return {
        name: value
        for name, value in first.items()
        if all(each.get(name) == value for each in others)
    }


def _pc_nodes(facts: AppFacts) -> int | None:
    """Return the only number of nodes of an app for PCs."""
    said = [each.settings.get("KernelMaxNumNodes") for each in facts.boards]
    values = [each.value for each in said if each is not None and each.value is not None]
    is_fixed = facts.arch is Arch.X86 and bool(values) and values[0].isdecimal()
    return int(values[0]) if is_fixed else None
