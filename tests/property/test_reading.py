# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Laws of the strict reader."""

import contextlib
import json
import tomllib

from hypothesis import example, given
from hypothesis import strategies as st

from sel4build.catalog.files import AppFile, FamilyFile
from sel4build.errors import ProblemsError
from sel4build.model.platform import Platform
from sel4build.model.toolchain import Toolchain
from sel4build.reading import parse_json, parse_toml, render_key
from sel4build.reading.places import KeyPath, Places

_CLASSES = st.sampled_from([Platform, AppFile, FamilyFile, Toolchain])
_KEYS = st.sampled_from(
    ["name", "version", "image", "format", "boot", "platforms", "span", "spans", "archs", "num-vms"]
) | st.text(max_size=5)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_TEXTS = st.text(alphabet="ab=.[]{}\"'#,\n\r\\ 1ué", max_size=40)


@given(_CLASSES, st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_a_mapping_of_any_shape_gives_a_value_or_problems(
    cls: type, table: dict[str, object]
) -> None:
    text = json.dumps({"version": 1, **table})
    with contextlib.suppress(ProblemsError):
        assert isinstance(parse_json(text, "f", cls), cls)


@given(_CLASSES, _TEXTS)
@example(FamilyFile, "version = 1")
def test_any_text_gives_a_value_or_problems(cls: type, text: str) -> None:
    with contextlib.suppress(ProblemsError):
        assert isinstance(parse_toml(text, "f", cls), cls)


@given(_TEXTS)
@example("\"\\\"]\" = [ '''\n''', {a.b = [1]} ] # ]")
@example('a = """"quoted""""\nb = 1')
@example("[[a]]\n[[a.b]]\n[a.b.c]\nd = 1\n[[a]]\n[[a.b]]")
def test_each_key_of_a_document_has_a_place_of_its_own(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except ValueError:
        return
    places = Places(text, "f")
    for path in _paths(document, ()):
        span = places.span(path)
        assert span.line is not None
        assert span.key == render_key(path)
        assert path in places._offsets


def _paths(value: object, path: KeyPath) -> list[KeyPath]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    below = [deeper for key, each in inner for deeper in _paths(each, (*path, key))]
    return [path, *below] if path else below
