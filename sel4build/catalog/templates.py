# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Templates of the CMake contract: which fields they may hold, and what fills them."""

import string
from collections.abc import Mapping

from sel4build.model.platform import ImageFormat, Platform, Sel4Arch

FIELDS = (
    "app",
    "platform",
    "num-nodes",
    "arch",
    "sel4-arch",
    "word-size",
    "kernel-platform",
    "kernel-arm-platform",
    "image-format",
    "elfloader-image",
    "cpu",
    "uart",
    "uart-address",
    "uart-shift",
    "load-address",
    "is-aarch64",
    "is-arm-hyp",
)
"""What `variables`, `expected` and `forced` of an app may name in braces."""


def fill_fields(app: str, platform: Platform, num_nodes: int) -> Mapping[str, str]:
    """Return the values of FIELDS; what a platform lacks is empty. Addresses are hexadecimal."""
    image = platform.image
    has_elfloader = image.format is not ImageFormat.MULTIBOOT
    values = (
        app,
        platform.name,
        str(num_nodes),
        platform.arch.value,
        platform.sel4_arch.value,
        str(platform.word_size),
        platform.kernel_platform,
        platform.kernel_arm_platform or "",
        image.format.value,
        image.format.value if has_elfloader else "",
        platform.cpu,
        platform.uart.driver,
        f"{platform.uart.address:#x}",
        "" if platform.uart.shift is None else str(platform.uart.shift),
        "" if image.load_address is None else f"{image.load_address:#x}",
        "ON" if platform.sel4_arch is Sel4Arch.AARCH64 else "OFF",
        "ON" if platform.sel4_arch is Sel4Arch.ARM_HYP else "OFF",
    )
    return dict(zip(FIELDS, values, strict=True))


def render_variables(templates: Mapping[str, str], fields: Mapping[str, str]) -> dict[str, str]:
    """Fill every template; a variable whose value is then empty is left out."""
    rendered = {name: template.format_map(fields) for name, template in templates.items()}
    return {name: value for name, value in rendered.items() if value}


def why_bad_template(template: str, fields: tuple[str, ...] = FIELDS) -> str | None:
    """Say what is wrong with `template`, or None when it is made of text and `fields` only."""
    try:
        parts = tuple(string.Formatter().parse(template))
    except ValueError as error:
        return f"template {template!r} is not valid: {error}"
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if spec or conversion or name not in fields:
            known = ", ".join(f"`{{{each}}}`" for each in fields)
            return f"template {template!r} may only hold {known}"
    return None
