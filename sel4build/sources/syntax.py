# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Concrete syntax trees by tree-sitter, which parses any text and marks what does not fit.

Hidden here: the grammar of device trees (decision 6), and how one of its nodes becomes a place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter
import tree_sitter_devicetree
from tree_sitter import Node

from sel4build.errors import Span

__all__ = ["Node", "Tree", "parse_tree"]

_DEEPEST = 200
"""Nodes nested deeper than this are left out: no source is, and Python's stack has an end."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree of one file."""

    file: str
    content: bytes
    root: Node

    def text(self, node: Node) -> str:
        """Return what is written at `node`."""
        return self.slice(node.start_byte, node.end_byte)

    def slice(self, start: int, end: int) -> str:
        """Return what is written between two bytes."""
        return self.content[start:end].decode("utf-8", errors="replace")

    def span(self, node: Node) -> Span:
        """Return file and line of the beginning of `node`."""
        return Span(file=self.file, line=node.start_point[0] + 1)

    @property
    def faults(self) -> tuple[Span, ...]:
        """The places that do not fit the grammar."""
        return tuple(self.span(each) for each in _faulty(self.root))


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_devicetree.language()))


def parse_tree(text: str, file: str) -> Tree:
    """Return the tree of `text`, a device tree source; places name it as `file`."""
    content = text.encode("utf-8", errors="surrogatepass")
    return Tree(file, content, _parser().parse(content).root_node)


def _faulty(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "ERROR" or node.is_missing:
            yield node
        elif node.has_error:
            waiting.extend(reversed(node.children))
