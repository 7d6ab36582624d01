# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

"""No text is an error to a reader of sources: what cannot be read is unknown."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sel4build.model.target import Selection
from sel4build.sources.camkes import parse_devices
from sel4build.sources.cmake import parse_cmake, walk
from sel4build.sources.device_tree import parse_device_tree
from sel4build.sources.evaluate import Settings, evaluate
from sel4build.sources.hardware import (
    KERNEL_DEVICES,
    chosen_nodes,
    cpu_nodes,
    gic_node,
    psci_node,
    reg_ranges,
)
from sel4build.sources.read import read_sources
from sel4build.sources.settings import configs_of, settings_of, supported_of
from sel4build.targets.audit import audit_catalog
from sel4build.targets.overlay import overlay
from sel4build.targets.select import select
from tests.kit.sel4_catalog import a_sel4_catalog
from tests.kit.sel4_tree import (
    ACME_CONFIG,
    ACME_DTS,
    APPLICATION_SETTINGS,
    FILES,
    SOLO_CMAKE,
    SOLO_SETTINGS,
    VM_ARM,
    Sel4Tree,
    a_devices_file,
)

_PIECES = [
    "set(",
    "if(",
    "elseif(",
    "else()",
    "endif()",
    "foreach(",
    "endforeach()",
    "macro(",
    ")",
    "function(",
    "endfunction()",
    "endmacro()",
    "list(",
    "string(",
    "math(",
    "include(",
    "config_option(",
    "config_choice(",
    "while(",
    "endwhile()",
    "file(",
    "unset(",
    "(",
    "${",
    "}",
    '"',
    "a",
    "b;c",
    "[[",
    "]]",
    "NOT",
    "AND",
    "MATCHES",
    "IN_LIST",
    "\\",
    "#",
    "CACHE",
    "FORCE",
    "DEPENDS",
    "DEFAULT",
    "LISTS",
    "RANGE",
    "GET",
    "FIND",
    "supported",
    "1",
    "-7",
    "REGEX",
    "REPLACE",
    "EXPR",
    "APPEND",
]
_CMAKE = st.lists(st.sampled_from([*_PIECES, "\n", " ", " "]), max_size=60).map("".join)


def _mutated(text: str) -> st.SearchStrategy[str]:
    """Cut a piece out of `text`, and put something else there."""
    places = st.integers(min_value=0, max_value=len(text))

    def cut(pieces: tuple[int, int, str]) -> str:
        first, second, middle = pieces
        start, end = sorted((first, second))
        return text[:start] + middle + text[end:]

    return st.tuples(places, places, st.text(max_size=8)).map(cut)


def _follow(text: str, *, is_closed: bool) -> None:
    script = parse_cmake(text, "x")
    assert all(each.span.line for each in walk(script.statements))
    start = Settings(variables={"a": "b", "b": None}, is_closed=is_closed)
    trace = evaluate((script,), start)
    settings_of(trace)
    configs_of(trace)
    supported_of(trace)


@given(st.one_of(st.text(), _CMAKE, _mutated(FILES[SOLO_CMAKE]), _mutated(FILES[VM_ARM])))
def test_any_text_can_be_followed_as_cmake(text: str) -> None:
    _follow(text, is_closed=True)
    _follow(text, is_closed=False)


@given(st.one_of(st.text(), _mutated(a_devices_file("vm0", "vm1"))))
def test_any_text_can_be_read_as_settings_of_guests(text: str) -> None:
    facts = parse_devices(text, "x")
    assert all(each.span.file == "x" for each in facts.settings)


@given(st.one_of(st.text(), _mutated(FILES[ACME_DTS])))
def test_any_text_can_be_read_as_a_device_tree(text: str) -> None:
    tree = parse_device_tree((("x", text), ("y", FILES[ACME_DTS])))
    for node in tree.nodes.values():
        reg_ranges(tree, node)
    gic_node(tree)
    psci_node(tree)
    cpu_nodes(tree)
    chosen_nodes(tree, KERNEL_DEVICES)


@settings(max_examples=15)
@given(
    st.sampled_from([SOLO_CMAKE, SOLO_SETTINGS, VM_ARM, ACME_CONFIG, APPLICATION_SETTINGS]),
    st.data(),
)
def test_any_change_of_the_sources_can_be_compared_and_followed(
    file: str, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = Sel4Tree.create(Path(folder) / "w")
        tree.write(file, data.draw(_mutated(FILES[file])).replace("\r", ""))
        catalog = a_sel4_catalog(Path(folder) / "data")
        facts = read_sources(tree.root, boards=[each.name for each in catalog.platforms])
        assert all(each.their_span.file for each in audit_catalog(catalog, facts))
        known = overlay(catalog, facts).catalog
        assert {each.name for each in catalog.apps} <= {each.name for each in known.apps}
        select(known, Selection(app="vm_solo", platform="acme"))
