# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of the tree of elements."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sel4build.errors import ProblemsError, Span
from sel4build.manifest import xml
from sel4build.manifest.xml import parse_xml


def test_elements_know_their_places() -> None:
    root = parse_xml(b'<!-- c -->\n<a x="1">\n  <b/>\n    <b>t</b></a>', "f.xml")

    assert (root.tag, dict(root.attributes), root.span) == (
        "a",
        {"x": "1"},
        Span(file="f.xml", line=2, column=1),
    )
    assert [each.span.line for each in root.children] == [3, 4]
    assert root.children[1].text == "t"
    assert root.children[1].text_span == Span(file="f.xml", line=4, column=8)


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="UTF-16"?><a x="é"/>'.encode("utf-16"),
        '<?xml version="1.0" encoding="iso-8859-1"?><a x="é"/>'.encode("latin-1"),
        '\ufeff<a x="é"/>'.encode(),
        b'<a x="&#233;"/>',
    ],
)
def test_usual_encodings_are_read(content: bytes) -> None:
    assert parse_xml(content, "f.xml").attributes["x"] == "é"


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(ProblemsError) as caught:
        parse_xml(b" " * (xml.MOST_BYTES + 1), "f.xml")

    assert caught.value.details == ("f.xml: is larger than 16 MiB",)


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "_MOST_ELEMENTS", 3)

    with pytest.raises(ProblemsError) as caught:
        parse_xml(b"<a><b/><b/><b/></a>", "f.xml")

    assert caught.value.details == ("f.xml:1:12: there are more than 3 elements",)


def test_entities_of_a_document_type_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><a z="&y;"/>'

    with pytest.raises(ProblemsError, match="1 problem") as caught:
        parse_xml(bomb, "f.xml")

    assert "the declaration of the entity `x`" in caught.value.details[0]


_MARKUP = st.lists(
    st.sampled_from(
        [
            *("<a>", "</a>", "<a/>", "<", ">", "&", "&lt;", "&#10;", "<!--", "-->", "<![CDATA["),
            *("]]>", "<?x", "?>", "<!DOCTYPE a", "<!ENTITY", '"', "=", "x='1'", "\x00", "é", " "),
        ]
    )
).map("".join)


@given(st.one_of(st.binary(), _MARKUP.map(str.encode)))
def test_nothing_but_a_problem_comes_of_any_bytes(content: bytes) -> None:
    with contextlib.suppress(ProblemsError):
        assert parse_xml(content, "f.xml").tag
