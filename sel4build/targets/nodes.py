# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Rules about the number of nodes. Upstream takes any number, and what is none for 1."""

import re

from sel4build.model.app import App
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Platform
from sel4build.targets.refusal import Refusal, show, show_all

_NUMBER = re.compile(r"[1-9][0-9]*", re.ASCII)
_MOST_DIGITS = 9  # of a number that is compared with anything


def parse_num_nodes(text: str) -> int | Refusal:
    """Return the number that `text` spells in ASCII digits without sign, blank or leading zero."""
    if _NUMBER.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return int(text)
    if _NUMBER.fullmatch(text):
        reason = f"no platform supports {show(text)} nodes"
        return Refusal(rule="too-many-nodes", reason=reason, hint="pass a smaller `--num-nodes`")
    return Refusal(
        rule="bad-num-nodes",
        reason=f"the number of nodes is a whole number from 1, not {show(text)}",
        hint="pass a number such as `--num-nodes 1`",
    )


def check_num_nodes(
    catalog: Catalog, app: App, platform: Platform, num_nodes: int
) -> Refusal | None:
    """Say why `app` on `platform` cannot have `num_nodes`, or None when it can."""
    if app.num_nodes is not None:
        return None if num_nodes == app.num_nodes else _fixed(app, app.num_nodes, num_nodes)
    if num_nodes <= platform.max_num_nodes:
        return None
    most = _nodes(platform.max_num_nodes)
    return Refusal(
        rule="too-many-nodes",
        reason=(
            f"platform `{platform.name}` supports at most {most}, but {num_nodes} were requested:"
            f" {platform.num_nodes_reason}"
        ),
        hint=_fewer_or_elsewhere(catalog, app, platform, num_nodes),
        span=platform.spans.get("max-num-nodes", platform.span),
    )


def _fixed(app: App, fixed: int, num_nodes: int) -> Refusal:
    asked = "1 was" if num_nodes == 1 else f"{num_nodes} were"
    return Refusal(
        rule="num-nodes-ignored",
        reason=(
            f"app `{app.name}` is built for {_nodes(fixed)}, but {asked} requested: upstream would"
            " ignore the number"
        ),
        hint=f"leave `--num-nodes` out, or pass `--num-nodes {fixed}`",
        span=app.spans.get("num-nodes", app.span),
    )


def _fewer_or_elsewhere(catalog: Catalog, app: App, platform: Platform, num_nodes: int) -> str:
    hint = f"pass `--num-nodes {platform.max_num_nodes}`"
    larger = [
        each.name
        for each in catalog.platforms
        if each.max_num_nodes >= num_nodes and app.on(each.name) is not None
    ]
    if not larger:
        return hint
    return f"{hint}, or choose {'one of ' if len(larger) > 1 else ''}{show_all(larger)}"


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count} nodes"
