# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Manifests for tests: loaded from text, and made at random with an oracle beside them."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st

from sel4build.manifest import ManifestFiles, load_manifest
from sel4build.model.manifest import Manifest

URL = "https://example.com/org/manifest"


def load_text(text: str, *, url: str = URL, **included: str) -> Manifest:
    """Return the manifest that `text` spells, with the files `NAME.xml` it may include."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {"default": text, **included}.items():
            (Path(folder) / f"{name}.xml").write_text(content, encoding="utf-8")
        files = ManifestFiles(root_dir=Path(folder), file="default.xml", url=url, shown_dir="")
        return load_manifest(files)


def same(manifest: Manifest) -> Manifest:
    """Return `manifest` without what depends on its spelling."""
    return replace(manifest, digest="", origin="")


@dataclass(frozen=True, slots=True)
class Row:
    """A project as the oracle tells it."""

    path: str
    name: str
    url: str
    revision: str
    upstream: str | None
    groups: frozenset[str]
    links: tuple[tuple[str, str], ...]
    copies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A manifest as XML elements that were drawn, before they are text."""

    remotes: tuple[Mapping[str, str], ...]
    default: Mapping[str, str]
    main: tuple["Node", ...]
    included: tuple["Node", ...]
    include: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """An element."""

    tag: str
    attributes: Mapping[str, str]
    children: tuple["Node", ...] = ()

    def xml(self) -> str:
        """Return it as text."""
        pairs = "".join(f' {key}="{value}"' for key, value in self.attributes.items())
        inner = "".join(each.xml() for each in self.children)
        return f"<{self.tag}{pairs}>{inner}</{self.tag}>"


_NAMES = st.sampled_from(["a", "b", "b.git", "c/d", "e"])
_REVISIONS = st.sampled_from(["", "main", "dev", "refs/tags/v1", "a" * 40])
_GROUPS = st.sampled_from(["", "g", "g,h", "notdefault", "notdefault h", "x , platform-linux"])
_FETCHES = st.sampled_from([".", "..", "../o", "https://h.example/x/", "git@h:o", "/srv/git"])


def _attributes(**values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """Return a strategy of attributes; one that is drawn empty is left out."""
    return st.fixed_dictionaries(values).map(
        lambda found: {key.replace("_", "-"): value for key, value in found.items() if value}
    )


@st.composite
def _project(draw: st.DrawFn, index: list[int], depth: int = 0) -> Node:
    index[0] += 1
    number = index[0]
    attributes = draw(
        _attributes(
            remote=st.sampled_from(["", "r0", "r1"]),
            revision=_REVISIONS,
            upstream=st.sampled_from(["", "up"]),
            groups=_GROUPS,
        )
    )
    if draw(st.integers(0, 5)) == 0:
        attributes.setdefault("revision", "")
    children = [
        Node(tag, {"src": draw(st.sampled_from(["s", "t/u"])), "dest": f"top-{number}-{tag}"})
        for tag in draw(
            st.lists(st.sampled_from(["linkfile", "copyfile"]), max_size=2, unique=True)
        )
    ]
    if depth < 2 and draw(st.integers(0, 3)) == 0:
        children.append(draw(_project(index, depth + 1)))
    names = {"name": draw(_NAMES), "path": f"p{number}"}
    return Node("project", {**names, **attributes}, tuple(children))


@st.composite
def written_manifests(draw: st.DrawFn) -> Written:
    """Draw a manifest that is valid."""
    index = [0]
    remotes = tuple(
        {"name": name, **draw(_attributes(fetch=_FETCHES, revision=_REVISIONS))}
        for name in ("r0", "r1")
    )
    default = {
        "remote": draw(st.sampled_from(["r0", "r1"])),
        "revision": "fallback",
        **draw(_attributes(upstream=st.sampled_from(["", "main"]))),
    }
    main = tuple(draw(st.lists(_project(index), min_size=1, max_size=5)))
    included = tuple(draw(st.lists(_project(index), max_size=4)))
    include = draw(_attributes(revision=_REVISIONS, groups=_GROUPS))
    changes = draw(st.lists(_change(main + included), max_size=3))
    return Written(remotes, default, main, (*included, *changes), include)


@st.composite
def _change(draw: st.DrawFn, projects: tuple[Node, ...]) -> Node:
    target = draw(st.sampled_from(projects))
    name, path = target.attributes["name"], target.attributes["path"]
    if draw(st.integers(0, 3)) == 0:
        return Node("remove-project", {"name": name, "path": path, "optional": "true"})
    attributes = draw(_attributes(revision=_REVISIONS, groups=_GROUPS))
    return Node("extend-project", {"name": name, **attributes})


def texts(written: Written) -> tuple[str, str]:
    """Return the text of the manifest and that of the file that it includes."""
    head = "".join(Node("remote", each).xml() for each in written.remotes)
    head += Node("default", written.default).xml()
    include = Node("include", {"name": "inner.xml", **written.include}).xml()
    main = "".join(each.xml() for each in written.main)
    inner = "".join(each.xml() for each in written.included)
    return f"<manifest>{head}{main}{include}</manifest>", f"<manifest>{inner}</manifest>"
