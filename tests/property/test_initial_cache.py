# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Laws of the initial cache, by the grammar of bracket arguments in cmake-language(7)."""

import re

from hypothesis import given
from hypothesis import strategies as st

from sel4build.configure.initial_cache import render_initial_cache

VALUES = st.text(
    st.one_of(st.sampled_from("[]="), st.characters(codec="utf-8", exclude_characters="\n\r\0")),
    max_size=60,
)
NAMES = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_.+/-]{0,20}\Z")


def read_script(text: str) -> dict[str, str]:
    """Read `set(NAME [=[VALUE]=] CACHE STRING "...")` commands, one behind the other."""
    values = {}
    rest = text.partition("\n")[2]
    while rest:
        opening = re.match(r"set\((\S+) \[(=*)\[", rest)
        assert opening is not None, rest
        name, level = opening.groups()
        value, closing, rest = rest[opening.end() :].partition(f"]{level}]")
        assert closing
        assert rest.startswith(' CACHE STRING "set by sel4build")\n')
        rest = rest.partition("\n")[2]
        values[name] = value
    return values


@given(variables=st.dictionaries(NAMES, VALUES, max_size=5))
def test_any_value_survives(variables: dict[str, str]) -> None:
    assert read_script(render_initial_cache(variables)) == variables


@given(variables=st.dictionaries(NAMES, VALUES, max_size=5))
def test_the_order_of_variables_does_not_matter(variables: dict[str, str]) -> None:
    turned = dict(reversed(variables.items()))

    assert render_initial_cache(turned) == render_initial_cache(variables)
