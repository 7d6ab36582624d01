# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare platforms of the catalogue with the boards of the sources."""

from collections.abc import Iterator

from sel4build.errors import Span
from sel4build.model.facts import BoardFacts, Difference, SourceFacts
from sel4build.model.platform import Arch, ImageFormat, Platform
from sel4build.model.sources import Fact

ROOTSERVER = "{rootserver}"


def compare_platform(platform: Platform, board: BoardFacts) -> Iterator[Difference]:
    """Yield what the sources say otherwise of a board; what they leave open is no difference."""
    yield from _names(platform, board)
    yield from _image(platform, board)
    if board.sel4_arch is not None and board.sel4_arch is not platform.sel4_arch:
        theirs, place = str(board.sel4_arch), _archs_place(board)
        yield _difference(platform, "sel4-arch", str(platform.sel4_arch), theirs, place)
    if board.sel4_archs is not None and board.sel4_archs.value is not None:
        known = board.sel4_archs.value
        if str(platform.sel4_arch) not in known:
            theirs = ", ".join(known)
            yield _difference(
                platform, "sel4-arch", str(platform.sel4_arch), theirs, board.sel4_archs.span
            )
    yield from _unequal(platform, "cpu", platform.cpu, board.cpu)
    if platform.arch is Arch.ARM:
        yield from _hardware(platform, board)
    yield from _nodes(platform, board)


def missing_boards(facts: SourceFacts, platforms: tuple[Platform, ...]) -> Iterator[Difference]:
    """Yield the platforms of the catalogue that the sources lack although they have a kernel."""
    if not facts.boards:
        return
    for platform in platforms:
        if facts.board(platform.name) is None:
            yield Difference(
                subject=f"platform {platform.name}",
                key="name",
                ours=platform.name,
                theirs=None,
                our_span=platform.spans.get("name", platform.span),
                their_span=Span(file=f"kernel/src/plat/{platform.kernel_platform}/config.cmake"),
            )


def image_name(board: BoardFacts) -> str:
    """Return the name of the image: seL4_tools cmake-tool/helpers/rootserver.cmake."""
    is_pc = board.arch is Arch.X86
    arch = board.sel4_arch if is_pc else board.arch
    return f"{ROOTSERVER}-image-{arch}-{board.kernel_platform}"


def kernel_name(board: BoardFacts) -> str | None:
    """Return the name of the kernel's own file, which only a PC has."""
    is_pc = board.arch is Arch.X86
    return f"kernel-{board.sel4_arch}-{board.kernel_platform}" if is_pc else None


def most_nodes(board: BoardFacts) -> Fact[int] | None:
    """Return how many nodes the sources allow a board; None where they leave it open."""
    if board.smp_refused is not None:
        return Fact(value=1, span=board.smp_refused)
    return board.cores


def _names(platform: Platform, board: BoardFacts) -> Iterator[Difference]:
    place = board.alias or board.config
    if platform.kernel_platform != board.kernel_platform:
        yield _difference(
            platform, "kernel-platform", platform.kernel_platform, board.kernel_platform, place
        )
    if board.arch is not None and board.arch is not platform.arch:
        yield _difference(platform, "arch", str(platform.arch), str(board.arch), board.config)
    theirs = board.variables.get("KernelARMPlatform")
    if theirs is not None and platform.kernel_arm_platform != theirs:
        yield _difference(
            platform, "kernel-arm-platform", platform.kernel_arm_platform, theirs, place
        )


def _image(platform: Platform, board: BoardFacts) -> Iterator[Difference]:
    form = board.image_format
    if form is not None and form.value is not None and form.value is not platform.image.format:
        yield _difference(
            platform, "image.format", str(platform.image.format), str(form.value), form.span
        )
    if board.sel4_arch is None:
        return
    if platform.image.name != image_name(board):
        yield _difference(
            platform, "image.name", platform.image.name, image_name(board), board.config
        )
    is_pair = platform.image.format is ImageFormat.MULTIBOOT
    if is_pair and platform.image.kernel_name != kernel_name(board):
        ours = platform.image.kernel_name
        yield _difference(platform, "image.kernel-name", ours, kernel_name(board), board.config)


def _hardware(platform: Platform, board: BoardFacts) -> Iterator[Difference]:
    yield from _unequal(platform, "uart.address", platform.uart.address, board.uart)
    gic = platform.gic
    version = gic.version if gic else None
    yield from _unequal(platform, "gic.version", version, board.gic_version)
    distributor = gic.distributor if gic else None
    yield from _unequal(platform, "gic.distributor", distributor, board.distributor)


def _nodes(platform: Platform, board: BoardFacts) -> Iterator[Difference]:
    if platform.arch is not Arch.ARM:
        return
    yield from _unequal(platform, "max-num-nodes", platform.max_num_nodes, most_nodes(board))


def _unequal(
    platform: Platform, key: str, ours: str | int | None, fact: Fact[str] | Fact[int] | None
) -> Iterator[Difference]:
    if fact is None or fact.value is None or fact.value == ours:
        return
    is_address = key.endswith(("address", "distributor"))
    yield _difference(
        platform,
        key,
        None if ours is None else _shown(ours, is_address=is_address),
        _shown(fact.value, is_address=is_address),
        fact.span,
    )


def _shown(value: str | int, *, is_address: bool) -> str:
    return f"{value:#x}" if is_address and isinstance(value, int) else str(value)


def _archs_place(board: BoardFacts) -> Span:
    return board.sel4_archs.span if board.sel4_archs else board.config


def _difference(
    platform: Platform, key: str, ours: str | None, theirs: str | None, place: Span
) -> Difference:
    table = key.split(".", maxsplit=1)[0]
    return Difference(
        subject=f"platform {platform.name}",
        key=key,
        ours=ours,
        theirs=theirs,
        our_span=platform.spans.get(key) or platform.spans.get(table) or platform.span,
        their_span=place,
    )
