# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Why a request does not work, who says so, and what is nearest to it that does."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.facts import read_facts
from sel4build.api.finding import find_workspace
from sel4build.api.knowing import Asked, correct_catalog
from sel4build.catalog import load_catalog
from sel4build.errors import Span
from sel4build.model.facts import SourceFacts
from sel4build.model.target import Rejection, Selection, Target
from sel4build.targets import select
from sel4build.targets.nearest import Change, propose
from sel4build.targets.spelling import spell_out
from sel4build.workspace.spec import read_spec

_QUOTED = re.compile(r"`([^`]+)`")
_BETWEEN = re.compile(r"[\s=]+")
_PORTING_RULES = frozenset({"app-not-on-platform", "platform-ignored", "platform-needed"})
_NODE_RULES = frozenset({"too-many-nodes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule that refuses the request, with every place that says so."""

    rejection: Rejection
    sources: tuple[Span, ...]
    """Places in the sources of the workspace; none outside of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """Something that is accepted, and the command that asks for it."""

    change: Change
    target: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The answer: a target, or the rules that refuse it with what would work instead."""

    target: Target | None
    notes: tuple[str, ...]
    rulings: tuple[Ruling, ...] = ()
    nearest: tuple[Nearest, ...] = ()


def why_not(context: Context, selection: Selection, directory: Path | None) -> WhyNot:
    """Tell why `selection` is refused, by the catalogue and the sources around `directory`."""
    workspace = find_workspace(context, directory)
    overlays = (
        context.overlays_of(workspace, read_spec(workspace)) if workspace else context.overlays
    )
    ours = load_catalog(overlays)
    spelt = spell_out(ours, selection).selection
    catalog = ours
    if workspace is not None:
        asked = (Asked(app=spelt.app, platform=spelt.platform),)
        catalog = correct_catalog(context, workspace, ours, asked)
    selected = select(catalog, selection)
    if selected.targets:
        return WhyNot(target=selected.targets[0], notes=selected.notes)
    if workspace is not None:
        # What works instead may be any other app or board, and the sources decide about each.
        catalog = correct_catalog(context, workspace, ours, None, is_quiet=True)
        again = select(catalog, selection)
        is_same = _rules(again.rejections) == _rules(selected.rejections)
        selected = again if is_same else selected
    facts = read_facts(workspace, spelt.app, spelt.platform) if workspace else None
    by_rule = {each.rule: each for each in select(ours, selection).rejections}
    return WhyNot(
        target=None,
        notes=selected.notes,
        rulings=tuple(
            _ruling(each, by_rule.get(each.rule, each), facts) for each in selected.rejections
        ),
        nearest=tuple(
            Nearest(
                change=each.change,
                target=str(each.target.id),
                command=init_command(each.selection),
            )
            for each in propose(catalog, selection)
        ),
    )


def _rules(rejections: tuple[Rejection, ...]) -> tuple[str, ...]:
    return tuple(each.rule for each in rejections)


def _ruling(rejection: Rejection, ours: Rejection, facts: SourceFacts | None) -> Ruling:
    """Return `rejection` with the place in our catalogue, and those in the sources."""
    told = (rejection.span, *(_places(rejection, facts) if facts else ()))
    sources = dict.fromkeys(each for each in told if each is not None and each != ours.span)
    return Ruling(rejection=replace(rejection, span=ours.span), sources=tuple(sources))


def init_command(selection: Selection) -> str:
    """Return the command that asks for `selection`, ready to paste."""
    words = ["sel4build", "init", "--app", selection.app]
    if selection.platform is not None:
        words += ["--platform", selection.platform]
    if selection.num_nodes is not None:
        words += ["--num-nodes", selection.num_nodes]
    for name, value in selection.options:
        words += ["--option", name if value is None else f"{name}={value}"]
    for name, value in selection.defines:
        words += ["-D", f"{name}={value}"]
    if selection.toolchain is not None:
        words += ["--toolchain", selection.toolchain]
    return shlex.join(words)


def _places(rejection: Rejection, facts: SourceFacts) -> Iterator[Span]:
    """Yield where the sources say what `rejection` says, as far as they do."""
    quoted = _QUOTED.findall(rejection.reason)
    named = dict.fromkeys(word for text in quoted for word in _BETWEEN.split(text))
    if rejection.rule in _PORTING_RULES:
        yield from (app.platforms_span for app in facts.apps if app.name in named)
    if rejection.rule in _NODE_RULES:
        yield from (
            board.smp_refused
            for board in facts.boards
            if board.name in named and board.smp_refused is not None
        )
    for name in named:
        option = facts.option(name)
        if option is not None:
            yield option.span
        for on in (on for app in facts.apps for on in app.boards):
            if name in on.settings and rejection.rule == "forced-variable" and on.board in named:
                yield on.settings[name].span
