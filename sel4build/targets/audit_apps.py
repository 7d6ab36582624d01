# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Compare apps of the catalogue with the folders of the sources."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from sel4build.catalog.templates import fill_fields, render_variables
from sel4build.errors import Span
from sel4build.model.app import App, AppPlatform
from sel4build.model.catalog import Catalog
from sel4build.model.facts import AppBoardFacts, AppFacts, Difference, VariantQuestion
from sel4build.model.guest import GuestImages
from sel4build.model.platform import Platform
from sel4build.model.sources import DevicesFacts, Fact, Force, SettingFact, VmFacts

_FILES = ("linux", "dtb", "initrd")
_NAMES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # what a guest's file is: the key of its image settings, and the names it has by default
    "linux": ("kernel_name", ("linux", "bzimage")),
    "dtb": ("dtb_name", ("linux-dtb",)),
    "initrd": ("initrd_name", ("linux-initrd", "rootfs.cpio", "vm0_rootfs.cpio")),
}
_SWITCHES = {"ON": True, "1": True, "TRUE": True, "OFF": False, "0": False, "FALSE": False}
_ADDRESSES: Mapping[str, str] = {
    "ram_base": "ram_base",
    "ram_size": "ram_size",
    "dtb_addr": "dtb_addr",
    "initrd_addr": "initrd_addr",
}


def variant_questions(catalog: Catalog, apps: tuple[str, ...]) -> tuple[VariantQuestion, ...]:
    """Return what has to be asked of the sources beside the defaults, to compare variants too."""
    return tuple(
        VariantQuestion(app=app.name, board=on.platform, given=given)
        for app in catalog.apps
        if app.name in apps
        for on in app.platforms
        for given in _givens(app, on)
    )


def compare_app(app: App, facts: AppFacts, catalog: Catalog) -> Iterator[Difference]:
    """Yield what the sources say otherwise of an app on the boards of both."""
    ours, theirs = tuple(each.platform for each in app.platforms), facts.platforms
    is_known = facts.supported is None or facts.supported.value is not None
    for name in theirs:
        if name not in ours:
            yield _of_app(app, "platforms", None, name, facts.platforms_span)
    for on in app.platforms if is_known and theirs else ():
        if on.platform not in theirs:
            yield Difference(
                subject=f"app {app.name}",
                key="platforms",
                ours=on.platform,
                theirs=None,
                our_span=on.spans.get("platform", on.span),
                their_span=facts.platforms_span,
            )
    known = {*app.variables, *app.managed, *(each.name for each in app.options)}
    for name, span in facts.asked.items():
        if name not in known:
            yield _of_app(app, "options", None, name, span)
    for on in app.platforms:
        platform, board = catalog.platform(on.platform), facts.on(on.platform)
        if platform is not None and board is not None and on.platform in theirs:
            yield from _AppOnBoard(app, on, platform, facts).differences(board)


class _AppOnBoard:
    """One app on one board: the two sides of a comparison."""

    def __init__(self, app: App, on: AppPlatform, platform: Platform, facts: AppFacts) -> None:
        self._app = app
        self._on = on
        self._platform = platform
        self._facts = facts

    def differences(self, board: AppBoardFacts) -> Iterator[Difference]:
        """Yield the differences."""
        number = board.num_vms
        if number is not None and number.value is not None and number.value != self._app.num_vms:
            ours, theirs = str(self._app.num_vms), str(number.value)
            yield _of_app(self._app, "num-vms", ours, theirs, number.span)
        yield from self._devices(board)
        yield from self._nodes(board)
        yield from self._forced(board)
        yield from self._guest(self._on.guest, board, "guest", {})
        for given in _givens(self._app, self._on):
            varied = self._facts.on(self._on.platform, given)
            if varied is not None:
                yield from self._guest(self._guest_with(given), varied, "guest", given)

    def _devices(self, board: AppBoardFacts) -> Iterator[Difference]:
        """Yield the lack of a `devices.camkes` that says something, where other boards have one."""
        folders, name, found = self._facts.folders, self._on.platform, board.devices
        if not folders or (found is not None and (found.settings or found.faults)):
            return
        place = folders.get(name, Span(file=f"{self._facts.folder}/{name}"))
        yield self._difference("guest", "settings in devices.camkes", None, place)

    def _nodes(self, board: AppBoardFacts) -> Iterator[Difference]:
        said = board.settings.get("KernelMaxNumNodes")
        if self._app.num_nodes is None or said is None or said.value is None:
            return
        if said.value != str(self._app.num_nodes):
            ours = str(self._app.num_nodes)
            yield _of_app(self._app, "num-nodes", ours, said.value, said.span)

    def _forced(self, board: AppBoardFacts) -> Iterator[Difference]:
        app = self._app
        fields_ = fill_fields(app.name, self._platform, 1)
        ours = render_variables({**app.forced, **self._on.forced}, fields_)
        for name, value in ours.items():
            said = board.settings.get(name)
            if said is None:
                place = self._facts.span
                yield self._difference(f"forced.{name}", value, None, place)
            elif said.value is not None and not _is_same(said.value, value):
                yield self._difference(f"forced.{name}", value, said.value, said.span)
        spoken_for = {*ours, *app.managed, *app.variables, *app.expected, *self._platform.variables}
        for name, said in board.settings.items():
            if name not in spoken_for and is_ours_to_know(said):
                yield self._difference(f"forced.{name}", None, f"{name}={said.value}", said.span)

    def _guest(
        self, guest: GuestImages, board: AppBoardFacts, key: str, given: Mapping[str, str]
    ) -> Iterator[Difference]:
        vm = first_vm(board.devices)
        values = {each.name: each.default for each in self._app.options if each.default is not None}
        forced = {name: each.value for name, each in board.settings.items() if each.value}
        values = {**values, **forced, **given}
        for name in _FILES:
            ours = getattr(guest, name)
            theirs = guest_file(board, vm, name)
            if theirs is None or theirs.value is None:
                continue
            shown = None if ours is None else _filled(ours, values)
            if shown != theirs.value:
                yield self._difference(f"{key}.{name}", shown, theirs.value, theirs.span)
        if vm is not None:
            yield from self._memory(guest, vm, key)

    def _memory(self, guest: GuestImages, vm: VmFacts, key: str) -> Iterator[Difference]:
        known = {each.name for each in fields(guest)}
        for name, theirs_name in _ADDRESSES.items():
            ours = getattr(guest, name) if name in known else None
            fact = vm.addresses.get(theirs_name)
            if fact is not None and fact.value not in {None, ours}:
                shown = None if ours is None else f"{ours:#x}", f"{fact.value or 0:#x}"
                yield self._difference(f"{key}.{_kebab(name)}", *shown, fact.span)
        vcpus = vm.num_vcpus
        ours = guest.num_vcpus
        theirs = vcpus.value if vcpus is not None else 1  # the default of vm.h
        if theirs is not None and ours != theirs:
            place = vcpus.span if vcpus is not None else vm.span
            shown_vcpus = None if ours is None else str(ours), str(theirs)
            yield self._difference(f"{key}.num-vcpus", *shown_vcpus, place)

    def _guest_with(self, given: Mapping[str, str]) -> GuestImages:
        """Return the guest of the catalogue where options have the values of `given`."""
        guest = self._on.guest
        for variant in self._on.variants:
            if given.get(variant.option) == variant.value and variant.guest is not None:
                guest = guest_over(guest, variant.guest)
        return guest

    def _difference(
        self, key: str, ours: str | None, theirs: str | None, place: Span
    ) -> Difference:
        table = key.split(".", maxsplit=1)[0]
        spans = (self._on.spans.get(key), self._app.spans.get(key), self._on.spans.get(table))
        return Difference(
            subject=f"app {self._app.name} on {self._on.platform}",
            key=key,
            ours=ours,
            theirs=theirs,
            our_span=next((each for each in spans if each is not None), self._on.span),
            their_span=place,
        )


def first_vm(devices: DevicesFacts | None) -> VmFacts | None:
    """Return the guest whose memory and files are told in the catalogue: the first."""
    return devices.vms[0] if devices is not None and devices.vms else None


def guest_file(board: AppBoardFacts, vm: VmFacts | None, kind: str) -> Fact[str] | None:
    """Return the file that is a guest's `linux`, `dtb` or `initrd`; None where it has none."""
    setting, names = _NAMES[kind]
    named = vm.image.get(setting) if vm is not None else None
    if named is not None and named.value is not None:
        names = (named.value,)
    return next((board.files[each] for each in names if each in board.files), None)


def guest_over(below: GuestImages, above: GuestImages) -> GuestImages:
    """Return `below` with what `above` says instead."""
    said = {each.name: getattr(above, each.name) for each in fields(above)}
    kept = {name: value for name, value in said.items() if value is not None and value is not False}
    base = {each.name: getattr(below, each.name) for each in fields(below)}
    return GuestImages(**{**base, **kept})


def _givens(app: App, on: AppPlatform) -> Iterator[dict[str, str]]:
    """Yield the options to ask the sources with: each variant, and each choice in a file's name."""
    seen = [{variant.option: variant.value} for variant in on.variants]
    texts = "".join(getattr(on.guest, name) or "" for name in _FILES)
    for option in app.options:
        if f"{{{option.name}}}" in texts:
            seen += [{option.name: each} for each in option.choices if each != option.default]
    yield from (each for place, each in enumerate(seen) if each not in seen[:place])


def is_ours_to_know(said: SettingFact) -> bool:
    """Whether users could set a variable, in vain, without being told."""
    return said.force is Force.FORCED and said.kind != "INTERNAL" and said.value is not None


def _is_same(theirs: str, ours: str) -> bool:
    return theirs == ours or (theirs in _SWITCHES and _is_on(theirs) is _is_on(ours))


def _is_on(value: str) -> bool | None:
    return _SWITCHES.get(value)


def _filled(template: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def _kebab(name: str) -> str:
    return name.replace("_", "-")


def _of_app(app: App, key: str, ours: str | None, theirs: str | None, place: Span) -> Difference:
    return Difference(
        subject=f"app {app.name}",
        key=key,
        ours=ours,
        theirs=theirs,
        our_span=app.spans.get(key, app.span),
        their_span=place,
    )
