# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

from dataclasses import dataclass, field

import pytest

from sel4build.model.sources import Quoting
from sel4build.sources.conditions import Word, all_hold, holds, parse_words


@dataclass
class _Scope:
    """`known` are set, `unknown` may be anything, the rest is not set."""

    known: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None

    def lookup(self, name: str) -> str | None:
        return None if name in self.unknown else self.known.get(name, "")

    def is_defined(self, name: str) -> bool | None:
        return None if name in self.unknown else name in self.known

    def exists(self, path: str) -> bool | None:
        return {"here": True, "gone": False}.get(path)

    def note_match(self, groups: tuple[str, ...] | None) -> None:
        self.groups = groups


_SCOPE = _Scope({"ON_": "ON", "OFF_": "OFF", "ARCH": "Arm", "LIST": "a;b", "N3": "3"}, ("U",))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("TRUE", True),
        ("0", False),
        ("2", True),
        ("X-NOTFOUND", False),
        ("ON_", True),
        ("OFF_", False),
        ("NOT OFF_", True),
        ("NOT NOT ON_", True),
        ("NOTHING", False),
        ('"ON_"', False),
        ('"YES"', True),
        ('ARCH STREQUAL "Arm"', True),
        ('"ARCH" STREQUAL "Arm"', False),
        ("Arm STREQUAL ARCH", True),
        ("b IN_LIST LIST", True),
        ("c IN_LIST LIST", False),
        ("N3 GREATER 2", True),
        ("N3 LESS_EQUAL 2", False),
        ("N3 EQUAL x", False),
        ("3.16.0 VERSION_GREATER_EQUAL 3.16", True),
        ("3.9 VERSION_LESS 3.16", True),
        ('ARCH MATCHES "^A(r)m$"', True),
        ("DEFINED N3", True),
        ("DEFINED NOTHING", False),
        ("NOT (OFF_ OR NOTHING) AND ON_", True),
        # CMake has no precedence between the two: (TRUE OR FALSE) AND FALSE.
        ("TRUE OR FALSE AND FALSE", False),
        ("U", None),
        ("NOT U", None),
        ("U OR ON_", True),
        ("U AND OFF_", False),
        ("U AND ON_", None),
        ('U STREQUAL "x"', None),
        ("x IN_LIST U", None),
        ("EXISTS here", True),
        ("EXISTS gone", False),
        ("EXISTS elsewhere", None),
        ("EXISTS", None),
        ("TARGET here", None),
        ("DEFINED U", None),
        ('ARCH MATCHES "[[:alpha:]]"', None),
        ('ARCH MATCHES "("', False),
        ("(ON_", None),
        ("ON_ ON_", None),
        ("NOT", None),
        ("ON_ AND", None),
        ("ARCH STREQUAL", None),
        ("", None),
    ],
)
def test_a_condition_holds_or_not_or_depends_on_what_is_unknown(
    text: str,
    verdict: bool | None,  # noqa: FBT001  pytest passes it by name
) -> None:
    assert holds(parse_words(text), _SCOPE) is verdict


def test_a_word_whose_text_is_unknown_makes_the_verdict_unknown() -> None:
    assert holds((Word(None), Word("STREQUAL"), Word("x", Quoting.QUOTED)), _SCOPE) is None
    assert holds((Word(None),), _SCOPE) is None


def test_what_matched_is_passed_on() -> None:
    scope = _Scope({"A": "aarch64:cortex"})
    assert holds(parse_words('A MATCHES "^(.*):(.*)$"'), scope) is True
    assert list(scope.groups or ()) == ["aarch64:cortex", "aarch64", "cortex"]
    assert holds(parse_words('A MATCHES "z"'), scope) is False
    assert scope.groups is not None
    assert list(scope.groups) == []


def test_all_conditions_of_a_depends_must_hold() -> None:
    assert all_hold(("ON_ OR U", "N3"), _SCOPE) is True
    assert all_hold(("ON_", "OFF_", "U"), _SCOPE) is False
    assert all_hold(("ON_", "U"), _SCOPE) is None
    assert all_hold((), _SCOPE) is True


def test_a_deep_condition_is_unknown_and_no_crash() -> None:
    assert holds(parse_words("(" * 5000 + "ON_" + ")" * 5000), _SCOPE) is None
