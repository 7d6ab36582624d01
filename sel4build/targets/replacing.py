# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Rules about files that take the place of an app's guest."""

from collections.abc import Iterator

from sel4build.model.guest import GuestFiles, GuestRole, GuestRoot
from sel4build.model.target import Target
from sel4build.targets.defines import Define, Setting
from sel4build.targets.refusal import Refusal, show_all

_ON = "ON"
_WHY_NONE = {
    GuestRole.KERNEL: "it runs no guest",
    GuestRole.INITRD: "the root file system is inside the kernel there, or on a disk",
    GuestRole.DTB: "the VMM makes the device tree itself",
}


def needed_defines(
    files: GuestFiles, defines: tuple[Define, ...], setting: Setting
) -> tuple[tuple[Define, ...], tuple[str, ...]]:
    """Return what must be set for `files` to be read by the guest, and notes on it."""
    name = setting.app_platform.guest.dtb_needs
    option = setting.app.option(name) if name else None
    if files.dtb is None or option is None or option.name in setting.forced:
        return (), ()
    if any(each.name == option.name for each in defines):
        return (), ()
    define = Define(option.name, _ON, key=option.key)
    note = f"`{define}` is added: without it the VMM would make a device tree of its own"
    return (define,), (note,)


def check_guest_files(target: Target) -> Iterator[Refusal]:
    """Say which files cannot take the place of any that the app has."""
    for role in target.replaced.by_role():
        stock = target.guest_file(role)
        if stock is None:
            yield _not_taken(role, target)
        elif find_root(target, stock) is None:
            yield _fixed(role, stock, target)
    needed = target.guest.dtb_needs
    if target.replaced.dtb is not None and needed and target.defines.get(needed) != _ON:
        forced = {**target.app.forced, **target.app_platform.forced}
        if forced.get(needed) != _ON:
            option = target.app.option(needed)
            name = (option.key if option else None) or needed
            reason = f"`--guest-dtb` has no effect while option `{name}` is off"
            hint = f"pass `--option {name}=on`, or leave it out"
            yield Refusal(rule="guest-file-without-effect", reason=reason, hint=hint)


def find_root(target: Target, stock: str) -> GuestRoot | None:
    """Return the folder that holds `stock` and that CMake can be pointed away from."""
    roots = target.app.guest_roots
    return next((each for each in roots if stock.startswith(f"{each.path}/")), None)


def _not_taken(role: GuestRole, target: Target) -> Refusal:
    app = target.app
    platforms = [each.platform for each in app.platforms if each.guest.file_of(role) is not None]
    elsewhere = f"; it takes one on {show_all(platforms)}" if platforms else ""
    return Refusal(
        rule="guest-file-not-taken",
        reason=(
            f"`--guest-{role}`: app `{app.name}` takes no {role} on platform"
            f" `{target.platform.name}`: {_WHY_NONE[role]}"
        ),
        hint=f"leave `--guest-{role}` out{elsewhere}",
        span=target.app_platform.span,
    )


def _fixed(role: GuestRole, stock: str, target: Target) -> Refusal:
    return Refusal(
        rule="guest-file-fixed",
        reason=(
            f"`--guest-{role}`: app `{target.app.name}` names `{stock}` itself, and can be given"
            " no other"
        ),
        hint="put your file in that place; `sel4build sync` leaves it alone",
        span=target.app_platform.span,
    )
