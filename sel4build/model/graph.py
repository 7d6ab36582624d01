# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A ninja graph as values, in ninja's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How outputs are made. `command` may use `$in`, `$out` and the variables of the edge."""

    name: str
    command: str
    description: str
    restat: bool = False
    generator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Outputs, the rule that makes them, and what they are made from."""

    rule: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    implicit: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Rules and edges. `variables` are those of the file's top level."""

    variables: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    edges: tuple[Edge, ...] = ()
    defaults: tuple[str, ...] = ()
