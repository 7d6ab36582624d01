# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Device tree sources to one merged tree, in which every property knows its line.

Rules: Devicetree Specification 0.4, section 6 (source format) and 2.3 (`reg`, `ranges`). Later
files and nodes are laid over earlier ones.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from sel4build.errors import Span
from sel4build.model.sources import CellValue, DeviceTree, DtNode, DtProperty, NodeRef
from sel4build.sources.expressions import evaluate_integer
from sel4build.sources.syntax import Node, Tree, parse_tree

Include = Callable[[str, str], str | None]
"""Returns the text of the file that `/include/` names first, from the file named second."""

_DEEPEST = 64
_MOST_INCLUDES = 100
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_Value = str | bytes | NodeRef | tuple[CellValue, ...]


def parse_device_tree(
    sources: tuple[tuple[str, str], ...], include: Include | None = None
) -> DeviceTree:
    """Return the tree of `sources`, pairs of file and text, each laid over the one before.

    What does not fit the grammar, references to no node and conditions of the C preprocessor are
    left out, with their places in `faults`.
    """
    builder = _Builder(include)
    for file, text in sources:
        builder.read(parse_tree(text, file))
    return builder.tree()


@dataclass(slots=True)
class _Draft:
    path: str
    span: Span
    labels: list[str] = field(default_factory=list)
    properties: dict[str, DtProperty] = field(default_factory=dict)
    children: dict[str, "_Draft"] = field(default_factory=dict)


class _Builder:
    def __init__(self, include: Include | None) -> None:
        self._include = include
        self._files: list[str] = []
        self._faults: list[Span] = []
        self._root = _Draft("/", Span(file=""))
        self._labels: dict[str, _Draft] = {}
        self._macros: dict[str, str] = {}

    def tree(self) -> DeviceTree:
        nodes = {draft.path: self._node(draft) for draft in self._drafts(self._root)}
        return DeviceTree(
            files=tuple(self._files), nodes=nodes, faults=tuple(dict.fromkeys(self._faults))
        )

    def read(self, tree: Tree) -> None:
        self._files.append(tree.file)
        self._faults.extend(tree.faults)
        if not self._root.span.file:
            self._root.span = Span(file=tree.file, line=1)
        for each in tree.root.children:
            self._top(tree, each)

    def _top(self, tree: Tree, node: Node) -> None:
        match node.type:
            case "node":
                self._top_node(tree, node)
            case "dtsi_include" | "preproc_include":
                self._included(tree, node)
            case "preproc_def":
                self._define(tree, node)
            case "delete_node":
                draft = self._meant(tree, node.child_by_field_name("name"))
                if draft is not None:
                    self._delete(draft)
            case "preproc_if" | "preproc_ifdef":
                self._faults.append(tree.span(node))
            case _:
                return

    def _top_node(self, tree: Tree, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is not None and name.type == "reference":
            draft = self._meant(tree, name)
        else:
            draft = self._root if name is not None and tree.text(name) == "/" else None
        if draft is None:
            self._faults.append(tree.span(node))
            return
        self._fill(tree, node, draft, 0)

    def _included(self, tree: Tree, node: Node) -> None:
        path = node.child_by_field_name("path")
        name = tree.text(path).strip('"<>') if path is not None else ""
        is_new = len(self._files) < _MOST_INCLUDES
        text = self._include(name, tree.file) if self._include and is_new else None
        if text is None:
            self._faults.append(tree.span(node))
        else:
            self.read(parse_tree(text, name))

    def _define(self, tree: Tree, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            self._macros[tree.text(name)] = tree.text(value)

    def _fill(self, tree: Tree, node: Node, draft: _Draft, depth: int) -> None:
        if depth > _DEEPEST:
            self._faults.append(tree.span(node))
            return
        for label in node.children_by_field_name("label"):
            if label.type == "identifier":
                self._labels[tree.text(label)] = draft
                draft.labels.append(tree.text(label))
        for each in node.children:
            if each.type == "property":
                found = self._property(tree, each)
                draft.properties[found.name] = found
            else:
                self._change(tree, each, draft, depth)

    def _change(self, tree: Tree, node: Node, draft: _Draft, depth: int) -> None:
        match node.type:
            case "node":
                self._child(tree, node, draft, depth)
            case "omit_if_no_ref":
                for inner in node.children:
                    self._change(tree, inner, draft, depth)
            case "delete_property":
                name = node.child_by_field_name("name")
                draft.properties.pop(tree.text(name) if name is not None else "", None)
            case "delete_node":
                self._delete_child(tree, node, draft)
            case "preproc_if" | "preproc_ifdef":
                self._faults.append(tree.span(node))
            case _:
                return

    def _child(self, tree: Tree, node: Node, parent: _Draft, depth: int) -> None:
        name = _full_name(tree, node)
        draft = parent.children.get(name)
        if draft is None:
            draft = _Draft(f"{parent.path.rstrip('/')}/{name}", tree.span(node))
            parent.children[name] = draft
        self._fill(tree, node, draft, depth + 1)

    def _delete_child(self, tree: Tree, node: Node, parent: _Draft) -> None:
        name = node.child_by_field_name("name")
        if name is not None and name.type == "reference":
            draft = self._meant(tree, name)
            if draft is not None:
                self._delete(draft)
            return
        found = parent.children.pop(_full_name(tree, node), None)
        if found is not None:
            self._forget(found)

    def _delete(self, draft: _Draft) -> None:
        parent = self._at(draft.path.rpartition("/")[0] or "/")
        if parent is not None:
            parent.children.pop(draft.path.rpartition("/")[2], None)
            self._forget(draft)

    def _forget(self, draft: _Draft) -> None:
        gone = {id(each) for each in self._drafts(draft)}
        self._labels = {key: each for key, each in self._labels.items() if id(each) not in gone}

    def _property(self, tree: Tree, node: Node) -> DtProperty:
        name = node.child_by_field_name("name")
        values = (self._value(tree, each) for each in node.children_by_field_name("value"))
        return DtProperty(
            name=tree.text(name) if name is not None else "",
            values=tuple(each for each in values if each is not None),
            span=tree.span(node),
        )

    def _value(self, tree: Tree, node: Node) -> _Value | None:
        match node.type:
            case "string_literal":
                return _ESCAPE.sub(_unescaped, tree.text(node)[1:-1])
            case "reference":
                return _reference(tree, node)
            case "byte_string_literal":
                digits = "".join(tree.text(node)[1:-1].split())
                try:
                    return bytes.fromhex(digits)
                except ValueError:
                    return b""
            case "integer_cells":
                return tuple(self._cells(tree, node))
            case _:
                return None

    def _cells(self, tree: Tree, node: Node) -> Iterator[CellValue]:
        for each in node.children:
            if each.type == "reference":
                yield _reference(tree, each)
            elif each.is_named and each.type not in {"comment", "ERROR"}:
                yield evaluate_integer(tree.text(each), self._number)

    def _number(self, name: str) -> int | None:
        body = self._macros.get(name)
        return None if body is None else evaluate_integer(body, lambda _: None)

    def _meant(self, tree: Tree, node: Node | None) -> _Draft | None:
        if node is None or node.type != "reference":
            return None
        ref = _reference(tree, node)
        return self._labels.get(ref.label) if ref.label else self._at(ref.path or "")

    def _at(self, path: str) -> _Draft | None:
        """Return the node at `path`; a unit address may be left out where that is not ambiguous."""
        draft = self._root
        for part in (each for each in path.split("/") if each):
            found = draft.children.get(part)
            if found is None:
                alike = [each for key, each in draft.children.items() if key.split("@")[0] == part]
                found = alike[0] if len(alike) == 1 else None
            if found is None:
                return None
            draft = found
        return draft

    def _drafts(self, draft: _Draft) -> Iterator[_Draft]:
        waiting = [draft]
        while waiting:
            each = waiting.pop()
            yield each
            waiting.extend(reversed(each.children.values()))

    def _node(self, draft: _Draft) -> DtNode:
        return DtNode(
            path=draft.path,
            labels=tuple(dict.fromkeys(draft.labels)),
            properties={key: self._resolved(each) for key, each in draft.properties.items()},
            children=tuple(each.path for each in draft.children.values()),
            span=draft.span,
        )

    def _resolved(self, found: DtProperty) -> DtProperty:
        """Give every reference the path that it means in the end."""

        def cell(each: CellValue) -> CellValue:
            return self._path(each, found.span) if isinstance(each, NodeRef) else each

        values = tuple(
            self._path(each, found.span)
            if isinstance(each, NodeRef)
            else tuple(cell(part) for part in each)
            if isinstance(each, tuple)
            else each
            for each in found.values
        )
        return replace(found, values=values)

    def _path(self, ref: NodeRef, span: Span) -> NodeRef:
        draft = self._labels.get(ref.label) if ref.label else self._at(ref.path or "")
        if draft is None:
            self._faults.append(span)
        return NodeRef(draft.path, ref.label) if draft else NodeRef(None, ref.label or ref.path)


def _reference(tree: Tree, node: Node) -> NodeRef:
    label = node.child_by_field_name("label")
    if label is not None:
        return NodeRef(None, tree.text(label))
    return NodeRef(tree.text(node).removeprefix("&{").removesuffix("}"))


def _full_name(tree: Tree, node: Node) -> str:
    name = node.child_by_field_name("name")
    parts = [each for each in node.children_by_field_name("address") if each.type == "unit_address"]
    text = tree.text(name) if name is not None else ""
    return f"{text}@{tree.text(parts[0])}" if parts else text


def _unescaped(match: re.Match[str]) -> str:
    escaped = match[1]
    if escaped.startswith("x") and len(escaped) > 1:
        return chr(int(escaped[1:], 16))
    if escaped[0] in "01234567":
        return chr(int(escaped, 8))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(escaped, escaped)
