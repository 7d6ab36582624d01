# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Select on an invented catalogue; the answers on the shipped one are golden files."""

from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.model.catalog import Catalog
from sel4build.model.target import Rejection, Selection, Target
from sel4build.targets import select
from tests.kit.catalogs import APP, BOARD, write_catalog

_APP1 = (
    APP.format(name="app1")
    .replace(
        "num-vms = 1",
        'num-vms = 1\nexpected = { K = "{kernel-platform}" }\nforced = { FORM = "{image-format}" }'
        '\nmanaged = { MINE = "use `--mine`" }',
    )
    .replace(
        "[[platforms]]",
        '[[options]]\nname = "BOARD"\nsummary = "s"\nkind = "text"\n'
        '[[options]]\nname = "SWITCH"\nsummary = "s"\nkind = "bool"\nneeds = ["BASE"]\n'
        '[[options]]\nname = "BASE"\nsummary = "s"\nkind = "bool"\n'
        '[[options]]\nname = "COUNT"\nsummary = "s"\nkind = "number"\n'
        '[[options]]\nname = "FED"\nsummary = "s"\nkind = "bool"\nneeds = ["FOOD", "COUNT"]\n'
        '[[options]]\nname = "FOOD"\nkey = "food"\nsummary = "s"\nkind = "text"\n'
        "is-path = true\n[[platforms]]",
    )
    + 'guest = { linux = "a/{SWITCH}", dtb = "b" }\n'
    '[[platforms.variants]]\noption = "COUNT"\nvalue = "2"\nsuccess = ["two"]\n'
    'guest = { initrd = "c" }\n'
    '[[platforms.variants]]\noption = "BASE"\nvalue = "ON"\nguest = { dtb = "d" }\n'
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    board = BOARD.format(name="board1") + '\n[variables]\nWIDE = "1"\n'
    return load_catalog(
        roots=write_catalog(
            tmp_path,
            {
                "platforms/board1.toml": board,
                "platforms/board2.toml": BOARD.format(name="board2").replace("acme", "sole"),
                "apps/Arm/app1/app.toml": _APP1,
            },
        )
    )


def a_target(catalog: Catalog, *defines: tuple[str, str], num_nodes: str | None = None) -> Target:
    selected = select(catalog, Selection(app="app1", defines=defines, num_nodes=num_nodes))
    assert selected.rejections == ()
    return selected.targets[0]


def rejections(catalog: Catalog, *defines: tuple[str, str]) -> tuple[Rejection, ...]:
    selected = select(catalog, Selection(app="app1", defines=defines))
    assert selected.targets == ()
    return selected.rejections


def test_a_target_has_the_contract_and_the_platforms_variables(catalog: Catalog) -> None:
    target = a_target(catalog, num_nodes="2")
    assert target.variables == {"WIDE": "1", "APP": "app1", "BOARD": "board1"}
    assert target.expected == {"K": "acme"}
    assert str(target.id) == "app1@board1+n2"


def test_what_the_user_sets_takes_the_place_of_the_contract(catalog: Catalog) -> None:
    target = a_target(catalog, ("BOARD", "other"))
    assert target.defines == {"BOARD": "other"}
    assert "BOARD" not in target.variables


def test_variables_of_the_platform_and_of_the_contract_are_not_the_users(catalog: Catalog) -> None:
    assert [each.rule for each in rejections(catalog, ("WIDE", "0"), ("APP", "x"))] == [
        "managed-variable",
        "managed-variable",
    ]


def test_a_managed_variable_says_what_to_do_instead(catalog: Catalog) -> None:
    (only,) = rejections(catalog, ("MINE", "1"))
    assert only.hint == "use `--mine`"
    assert only.span is not None
    assert only.span.key == "managed.MINE"


def test_booleans_are_one_value_however_they_are_written(catalog: Catalog) -> None:
    ids = {a_target(catalog, ("BASE", value)).id for value in ("1", "on", "ON", "TRUE", "Yes", "y")}
    assert len(ids) == 1
    assert a_target(catalog, ("BASE", "n")).defines == {"BASE": "OFF"}


def test_an_option_that_needs_another_is_accepted_with_it(catalog: Catalog) -> None:
    assert a_target(catalog, ("SWITCH", "ON"), ("BASE", "ON")).defines["SWITCH"] == "ON"
    assert a_target(catalog, ("SWITCH", "OFF")).defines == {"SWITCH": "OFF"}
    assert rejections(catalog, ("SWITCH", "ON"))[0].rule == "option-needs"


def test_an_option_that_needs_a_value_is_refused_without_one(catalog: Catalog) -> None:
    food, count = rejections(catalog, ("FED", "ON"))
    assert food.rule == "option-needs"
    assert food.reason == "option `FED` needs `FOOD`, which has no value"
    assert food.hint == "add `--option food=PATH`, or leave `FED` off"
    assert count.hint == "add `-D COUNT=VALUE`, or leave `FED` off"
    assert a_target(catalog, ("FED", "ON"), ("FOOD", "/f"), ("COUNT", "0")).defines["FED"] == "ON"
    assert a_target(catalog, ("FED", "OFF")).defines == {"FED": "OFF"}


@pytest.mark.parametrize("value", ["0", "12", "-3", "0x1F"])
def test_a_number_may_be_negative_or_hexadecimal(catalog: Catalog, value: str) -> None:
    assert a_target(catalog, ("COUNT", value)).defines == {"COUNT": value}


@pytest.mark.parametrize("value", ["", "1.5", "0x", "٣", "1 "])
def test_what_is_no_whole_number_is_refused(catalog: Catalog, value: str) -> None:
    assert rejections(catalog, ("COUNT", value))[0].rule == "bad-option-value"


def test_a_type_may_be_given_as_cmake_takes_it(catalog: Catalog) -> None:
    assert a_target(catalog, ("BASE:BOOL", "1")).defines == {"BASE": "ON"}


def test_the_same_define_twice_is_once(catalog: Catalog) -> None:
    assert a_target(catalog, ("BASE", "ON"), ("BASE", "1")).defines == {"BASE": "ON"}


def test_a_define_that_upstream_forces_anyway_is_left_out_with_a_note(catalog: Catalog) -> None:
    selected = select(catalog, Selection(app="app1", defines=(("FORM", "elf"),)))
    assert selected.targets[0].defines == {}
    assert "`-D FORM=elf` is left out" in selected.notes[0]


def test_an_unknown_define_passes_unless_it_looks_like_a_slip(catalog: Catalog) -> None:
    assert a_target(catalog, ("Whatever", "")).defines == {"Whatever": ""}
    assert rejections(catalog, ("switch", "ON"))[0].rule == "similar-option"


def test_a_slip_that_was_insisted_on_stays_accepted_when_recorded(catalog: Catalog) -> None:
    target = a_target(catalog, ("switch:STRING", "ON"))
    again = select(
        catalog, Selection(app="app1", defines=tuple(target.defines.items()), recorded=True)
    )
    assert again.targets == (target,)


def test_variants_change_the_markers_and_the_guest(catalog: Catalog) -> None:
    plain = a_target(catalog)
    assert plain.console.success == ("login:",)
    assert (plain.guest.linux, plain.guest.dtb, plain.guest.initrd) == ("a/{SWITCH}", "b", None)
    varied = a_target(catalog, ("COUNT", "2"), ("BASE", "ON"))
    assert varied.console.success == ("two",)
    assert (varied.guest.linux, varied.guest.dtb, varied.guest.initrd) == ("a/{SWITCH}", "d", "c")


def test_where_no_app_would_do_the_hint_says_so(catalog: Catalog) -> None:
    selected = select(catalog, Selection(app="app1", platform="board2"))
    assert selected.rejections[0].hint == "no app is for `board2`"


def test_the_name_of_a_family_with_one_board_is_still_no_board(catalog: Catalog) -> None:
    selected = select(catalog, Selection(app="app1", platform="sole"))
    assert selected.rejections[0].rule == "no-board"


@pytest.mark.parametrize("value", ["a\nb", "a\x00", "\x1b[31m", "\u202e"])
def test_a_value_with_what_cannot_be_seen_is_refused(catalog: Catalog, value: str) -> None:
    (only,) = rejections(catalog, ("COLOUR", value))
    assert only.rule == "bad-define-value"
    assert (only.reason + (only.hint or "")).isprintable()


def test_a_very_long_name_is_shown_short(catalog: Catalog) -> None:
    selected = select(catalog, Selection(app="a" * 10_000))
    assert len(selected.rejections[0].reason) < 120
