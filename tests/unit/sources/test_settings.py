# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

from sel4build.model.sources import ConfigKind, Force, Trace
from sel4build.sources.cmake import parse_cmake
from sel4build.sources.evaluate import Settings, evaluate
from sel4build.sources.settings import configs_of, forced_by, settings_of, supported_of
from tests.kit.sel4_tree import FILES, SOLO_SETTINGS, VM_ARM


def _trace(text: str, *, is_closed: bool = True, **variables: str | None) -> Trace:
    script = parse_cmake(text, "x.cmake")
    return evaluate((script,), Settings(variables=variables, is_closed=is_closed))


def test_a_setting_is_forced_or_a_default_or_plain() -> None:
    text = (
        'set(a 1 CACHE BOOL "" FORCE)\nset(b 2 CACHE STRING "x")\nset(c 3)\n'
        'set(d CACHE INTERNAL "")\nset(e 5 PARENT_SCOPE)\nset(f ${u})\nset(${u} 1)'
    )
    found = [(each.name, each.value, each.force) for each in settings_of(_trace(text, u=None))]
    assert found == [
        ("a", "1", Force.FORCED),
        ("b", "2", Force.DEFAULT),
        ("c", "3", Force.PLAIN),
        ("d", "", Force.FORCED),
        ("e", "5", Force.PLAIN),
        ("f", None, Force.PLAIN),
    ]


def test_what_an_app_forces_depends_on_the_platform() -> None:
    text = FILES[SOLO_SETTINGS]
    on_acme = {each.name: each.value for each in forced_by(_trace(text, PLATFORM="acme"))}
    on_zeta = {each.name: each.value for each in forced_by(_trace(text, PLATFORM="zeta1"))}
    assert on_acme == {"LibUSB": "OFF", "VmPCISupport": "ON"}
    assert on_zeta == {"LibUSB": "OFF"}
    anywhere = {each.name: each for each in forced_by(_trace(text, is_closed=False))}
    assert not anywhere["VmPCISupport"].is_certain
    (guard,) = anywhere["VmPCISupport"].guards
    assert guard.condition == '${PLATFORM} STREQUAL "acme"'


def test_the_supported_platforms_are_a_list_with_a_place() -> None:
    found = supported_of(_trace('\nset(\n  supported\n  "a;b"\n  c)'))
    assert found is not None
    assert found.value == ("a", "b", "c")
    assert found.span.line == 4
    unknown = supported_of(_trace("set(supported ${u})", u=None))
    assert unknown is not None
    assert not unknown.is_known
    maybe = supported_of(_trace("if(u)\nset(supported a)\nendif()", u=None))
    assert maybe is not None
    assert maybe.value is None
    assert supported_of(_trace("")) is None


def test_options_have_defaults_conditions_and_choices() -> None:
    found = {each.name: each for each in configs_of(_trace(FILES[VM_ARM]))}
    pci, console, root = found["VmPCISupport"], found["VmVirtioConsole"], found["VmRootfs"]
    assert pci.kind is ConfigKind.OPTION
    assert (pci.summary, pci.default) == ("Virtual PCI", "OFF")
    assert pci.depends == ("KernelPlatformAcme OR KernelPlatformZeta1",)
    assert pci.depends_span is not None
    assert pci.depends_span.line == 8
    assert console.depends == ("KernelPlatformAcme", "VmPCISupport")
    assert root.kind is ConfigKind.CHOICE
    assert root.default == "card"
    assert [(each.value, each.variable, each.depends) for each in root.choices] == [
        ("card", "VmRootfsCard", ()),
        ("disk", "VmRootfsDisk", ("KernelPlatformZeta1",)),
    ]


def test_strings_and_what_they_are_when_disabled_are_read() -> None:
    text = (
        'config_string(A B "c" DEFAULT ${d} DEPENDS "X;Y" DEFAULT_DISABLED 7 UNQUOTE UNDEF_DISABLED)\n'
        "config_set(C D ${d})\nconfig_option()\nconfig_choice(E F)\nconfig_choice(G H i short)"
    )
    string, fixed, choice, short = configs_of(_trace(text, d=None))
    assert (string.default, string.default_disabled) == (None, "7")
    assert string.depends == ("X", "Y")
    assert string.undef_disabled
    assert (fixed.name, fixed.kind, fixed.default) == ("C", ConfigKind.SET, None)
    assert (choice.choices, choice.default, short.choices) == ((), None, ())
