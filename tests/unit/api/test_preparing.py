# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Picking targets by name."""

import pytest

from sel4build.api.preparing import pick_targets
from sel4build.errors import InputError

IDS = ("app@one", "app@one.nodes4", "app@two")


def test_no_name_means_the_first() -> None:
    assert pick_targets(IDS, ()) == ("app@one",)


def test_a_whole_name_wins_over_being_a_start() -> None:
    assert pick_targets(IDS, ("app@one",)) == ("app@one",)


def test_the_start_of_one_name_is_enough() -> None:
    assert pick_targets(IDS, ("app@t", "app@one.")) == ("app@two", "app@one.nodes4")


def test_a_target_is_picked_once_in_the_order_of_asking() -> None:
    assert pick_targets(IDS, ("app@two", "app@one", "app@t")) == ("app@two", "app@one")


def test_the_start_of_several_names_is_refused_with_these() -> None:
    with pytest.raises(InputError, match=r"several targets: `app@one`, `app@one\.nodes4`$"):
        pick_targets(IDS, ("app@on",))


def test_an_unknown_name_is_refused_with_all() -> None:
    with pytest.raises(InputError, match="no target `other`") as refused:
        pick_targets(IDS, ("other",))
    assert refused.value.hint == "it has `app@one`, `app@one.nodes4`, `app@two`"


@pytest.mark.parametrize("wanted", [(), ("app@one",)])
def test_a_workspace_without_targets_says_how_to_get_one(wanted: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="has no target") as refused:
        pick_targets((), wanted)
    assert "sel4build init" in str(refused.value.hint)
