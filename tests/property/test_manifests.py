# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Laws of manifests, with an oracle that follows the rules of git-repo by other means."""

import contextlib
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sel4build.errors import Sel4BuildError
from sel4build.manifest import ManifestFiles, load_manifest, select_projects, split_groups
from sel4build.manifest.document import parse_document
from sel4build.manifest.grammar import RULES
from sel4build.manifest.notice import clean_notice
from sel4build.manifest.render import render_manifest
from sel4build.manifest.xml import Findings
from sel4build.model.manifest import Manifest
from tests.kit.manifests import URL, Node, Row, Written, load_text, same, texts, written_manifests

_CORPUS = sorted((Path(__file__).parents[1] / "data" / "manifests").iterdir())


def _loaded(written: Written) -> Manifest:
    main, inner = texts(written)
    try:
        return load_text(main, inner=inner)
    except Sel4BuildError as error:
        # An extension of what was removed.
        if "names a project that is not there" not in "".join(error.details):
            raise
        assume(False)  # noqa: FBT003  positional in its signature
        raise


@given(written_manifests())
def test_what_is_rendered_is_read_as_the_same_manifest(written: Written) -> None:
    manifest = _loaded(written)

    text = render_manifest(manifest)

    again = load_text(text)
    assert same(again) == same(manifest)
    assert render_manifest(again) == text


@given(written_manifests())
def test_the_projects_are_those_of_the_oracle(written: Written) -> None:
    manifest = _loaded(written)

    found = [
        Row(
            each.path.text,
            each.name,
            each.url,
            each.revision,
            each.upstream,
            each.groups,
            tuple((link.src.text, link.dest.text) for link in each.links),
            tuple((copy.src.text, copy.dest.text) for copy in each.copies),
        )
        for each in manifest.projects
    ]
    assert found == _oracle(written)


def _oracle(written: Written) -> list[Row]:
    """Resolve a manifest as git-repo's manifest_xml.py reads: one list, in document order."""
    rows: dict[str, Row] = {}
    remotes = {each["name"]: each for each in written.remotes}
    include = written.include

    def add(node: Node, outer: Row | None, revision: str, groups: str) -> None:
        own = node.attributes
        remote = remotes[own.get("remote") or written.default["remote"]]
        name = own["name"] if outer is None else f"{outer.name}/{own['name']}"
        path = own["path"] if outer is None else f"{outer.path}/{own['path']}"
        inherited = "" if "revision" in own else revision
        choices = (own.get("revision"), inherited, remote.get("revision"))
        row = Row(
            path,
            name,
            _joined(remote["fetch"]) + "/" + name,
            next((each for each in choices if each), written.default["revision"]),
            own.get("upstream") or written.default.get("upstream"),
            _set(own.get("groups", "")) | _set(groups),
            _files(node, "linkfile"),
            _files(node, "copyfile"),
        )
        rows[path] = row
        for child in node.children:
            if child.tag == "project":
                add(child, row, "", "")

    for node in written.main:
        add(node, None, "", "")
    for node in written.included:
        own = node.attributes
        if node.tag == "project":
            add(node, None, include.get("revision", ""), include.get("groups", ""))
        elif node.tag == "remove-project":
            if own["path"] in rows and rows[own["path"]].name == own["name"]:
                del rows[own["path"]]
        else:
            rows = {path: _extended(row, own, include) for path, row in rows.items()}
    return [rows[path] for path in sorted(rows)]


def _extended(row: Row, own: Mapping[str, str], include: Mapping[str, str]) -> Row:
    if row.name != own["name"]:
        return row
    groups = _set(own.get("groups", "")) | _set(include.get("groups", ""))
    revision = own.get("revision") or row.revision
    return replace(row, revision=revision, groups=row.groups | groups)


def _joined(fetch: str) -> str:
    """Join as git-repo does: by urllib, scp addresses as ssh URLs."""
    fetch = fetch.rstrip("/")
    if re.match(r"^[^/:]+@[^/:]+:[^/]+", fetch):
        fetch = "ssh://" + fetch.replace(":", "/", 1)
    return urllib.parse.urljoin(URL, fetch).rstrip("/")


def _set(text: str) -> frozenset[str]:
    return frozenset(re.split(r"[,\s]+", text)) - {""}


def _files(node: Node, tag: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.attributes["src"], each.attributes["dest"])
        for each in node.children
        if each.tag == tag
    )


_LISTS = st.lists(
    st.sampled_from(["all", "default", "g", "h", "x", "name:a", "path:p1"]).flatmap(
        lambda group: st.sampled_from([group, f"-{group}"])
    ),
    max_size=5,
)


@given(written_manifests(), _LISTS)
def test_the_last_group_that_fits_decides(written: Written, groups: list[str]) -> None:
    manifest = _loaded(written)

    selected = {each.path for each in select_projects(manifest.projects, tuple(groups))}

    for each in manifest.projects:
        of_project = each.groups | {"all", f"name:{each.name}", f"path:{each.path}"}
        of_project |= set() if "notdefault" in each.groups else {"default"}
        wanted = [*(groups or ["default"]), "platform-linux"]
        fitting = [group for group in wanted if group.removeprefix("-") in of_project]
        assert (each.path in selected) == bool(fitting and not fitting[-1].startswith("-"))


@given(written_manifests())
def test_all_selects_all_and_taking_it_away_selects_nothing(written: Written) -> None:
    manifest = _loaded(written)

    assert select_projects(manifest.projects, ("all",)) == manifest.projects
    assert select_projects(manifest.projects, ("all", "-all", "-platform-linux")) == ()


@given(written_manifests())
def test_an_include_counts_where_it_stands(written: Written) -> None:
    main, inner = texts(written)
    assume("revision" not in written.include and "groups" not in written.include)
    include = '<include name="inner.xml"></include>'
    assert include in main
    body = inner.removeprefix("<manifest>").removesuffix("</manifest>")

    manifest = _loaded(written)

    assert same(load_text(main.replace(include, body))) == same(manifest)


@given(st.text(alphabet=st.sampled_from("ab \t\n<&"), max_size=30))
def test_a_notice_is_read_as_it_was_rendered(text: str) -> None:
    notice = clean_notice(text)
    assume(notice)
    plain = load_text(
        '<manifest><remote name="o" fetch="."/><project name="a" remote="o" revision="r"/>'
        "</manifest>"
    )
    manifest = Manifest(
        origin="", digest="", projects=plain.projects, remotes=plain.remotes, notice=notice
    )

    assert load_text(render_manifest(manifest)).notice == notice


_TAGS = st.sampled_from([*sorted(RULES), "x-mine", "nix"])
_KEYS = st.sampled_from(
    sorted({key for rule in RULES.values() for key in rule.attributes} | {"x-a", "nix"})
)
_VALUES = st.one_of(
    st.sampled_from(["", ".", "..", "a", "main", "true", "no", "0", "3", "-x", "../a", "*", "~"]),
    st.text(max_size=8),
)


@st.composite
def _xmlish(draw: st.DrawFn, depth: int = 0) -> str:
    tag = "manifest" if depth == 0 else draw(_TAGS)
    pairs = draw(st.dictionaries(_KEYS, _VALUES, max_size=5))
    attributes = "".join(f' {key}="{_escaped(value)}"' for key, value in pairs.items())
    inner = [draw(_xmlish(depth + 1)) for _ in range(draw(st.integers(0, 3 if depth < 3 else 0)))]
    text = draw(st.sampled_from(["", "", "\n  ", "words", "&lt;"]))
    return f"<{tag}{attributes}>{text}{''.join(inner)}</{tag}>"


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@given(_xmlish())
@example('<manifest><project name="a"><project name="a"/></project></manifest>')
def test_whatever_obeys_xml_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Sel4BuildError):
        load_text(text.encode("utf-8", "replace").decode())


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="<>/=\"'&;ax! -", max_size=60)))
def test_whatever_the_bytes_are_they_are_read_or_refused(content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else f"<manifest>{content}</manifest>".encode()
    with contextlib.suppress(Sel4BuildError):
        parse_document(raw, "m.xml", Findings())


@given(st.sampled_from(_CORPUS), st.data())
def test_whatever_becomes_of_the_corpus_is_read_or_refused(path: Path, data: st.DataObject) -> None:
    """Cut, repeat and overwrite pieces, as a fuzzer does."""
    content = path.read_bytes()
    pieces = [each.read_bytes() for each in _CORPUS]
    for _ in range(data.draw(st.integers(1, 4))):
        start, end = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
        other = data.draw(st.sampled_from(pieces))
        first, last = sorted(data.draw(st.integers(0, len(other))) for _ in range(2))
        middle = data.draw(
            st.one_of(st.just(b""), st.just(other[first:last]), st.binary(max_size=6))
        )
        content = content[:start] + middle + content[end:]
    with contextlib.suppress(Sel4BuildError):
        parse_document(content, "m.xml", Findings())


@pytest.mark.parametrize("path", _CORPUS, ids=lambda path: path.name)
def test_the_corpus_is_read_or_refused(path: Path) -> None:
    files = ManifestFiles(root_dir=path.parent, file=path.name, url=URL, shown_dir="")
    if not path.name.startswith("valid-"):
        with pytest.raises(Sel4BuildError):
            load_manifest(files)
        return
    manifest = load_manifest(files)
    assert same(load_text(render_manifest(manifest))) == same(manifest)


def test_a_manifest_of_ten_thousand_projects_is_resolved() -> None:
    projects = "".join(
        f'<project name="n{number % 7}" path="d{number // 100}/p{number}">'
        f'<linkfile src="x" dest="l{number}"/></project>'
        for number in range(10_000)
    )
    extensions = "".join(f'<extend-project name="n{number}" groups="g"/>' for number in range(7))

    manifest = load_text(
        f'<manifest><remote name="o" fetch="."/><default remote="o" revision="r"/>{projects}'
        f"{extensions}</manifest>"
    )

    assert len(manifest.projects) == 10_000
    assert split_groups("g")[0] in manifest.projects[0].groups
