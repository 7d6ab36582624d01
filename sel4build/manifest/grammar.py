# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The elements and attributes of git-repo's manifest format, and which of them are understood.

Source of the names: git-repo, docs/manifest-format.md. What is known there but not understood
here is refused by name, since leaving it out would quietly mean another set of sources. Names that
begin with `x-` are reserved for extensions and passed over, as git-repo does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sel4build.manifest.xml import Element, Problem
from sel4build.reading import suggest

_EXTENSION = "x-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementRule:
    """What may stand in an element."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    """Attributes of the format that are not understood here."""
    children: frozenset[str] = frozenset()

    @property
    def understood(self) -> frozenset[str]:
        """All attributes that may be used."""
        return self.required | self.optional


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROOT = "manifest"

RULES = {
    ROOT: ElementRule(
        children=_words("remote default project extend-project remove-project include")
    ),
    "remote": ElementRule(
        required=_words("name fetch"),
        optional=_words("revision"),
        refused=_words("alias pushurl review"),
    ),
    "default": ElementRule(
        optional=_words("remote revision upstream dest-branch"),
        refused=_words("sync-j sync-j-max sync-c sync-s sync-tags"),
    ),
    "project": ElementRule(
        required=_words("name"),
        optional=_words("path remote revision upstream dest-branch"),
        refused=_words(
            "groups rebase sync-c sync-s sync-tags clone-depth force-path sync-strategy"
        ),
        children=_words("linkfile"),
    ),
    "extend-project": ElementRule(
        required=_words("name"),
        optional=_words("path dest-path remote revision upstream dest-branch base-rev"),
        refused=_words("groups"),
        children=_words("linkfile"),
    ),
    "remove-project": ElementRule(optional=_words("name path optional base-rev")),
    "include": ElementRule(
        required=_words("name"), optional=_words("revision"), refused=_words("groups")
    ),
    "linkfile": ElementRule(required=_words("src dest")),
}

_REFUSED_ELEMENTS = _words(
    "annotation contactinfo copyfile manifest-server notice repo-hooks submanifest superproject"
)


def check_root(root: Element) -> list[Problem]:
    """Return what is wrong with the root element itself, not with what it contains."""
    if root.tag != ROOT:
        return [(root.span, f"the root element is `{root.tag}`, not `{ROOT}`")]
    return list(_check_itself(root))


def check_child(child: Element, parent: Element) -> list[Problem]:
    """Return all that is wrong with `child` of `parent`, and with all that it contains."""
    if is_extension(child.tag):
        return []
    if child.tag not in RULES[parent.tag].children:
        return [(child.span, _why_misplaced(child, parent))]
    inner = (problem for each in child.children for problem in check_child(each, child))
    return [*_check_itself(child), *inner]


def is_extension(tag: str) -> bool:
    """Tell whether `tag` is of a name that is reserved for extensions."""
    return tag.startswith(_EXTENSION)


def _check_itself(element: Element) -> Iterator[Problem]:
    yield from _check_attributes(element, RULES[element.tag])
    if element.text:
        text = element.text.partition("\n")[0][:40]
        yield element.text_span, f"element `{element.tag}` contains text: `{text}`"


def _check_attributes(element: Element, rule: ElementRule) -> Iterator[Problem]:
    for name in element.attributes:
        if name in rule.understood or is_extension(name):
            continue
        if name in rule.refused:
            problem = f"attribute `{name}` of `{element.tag}` is not supported by sel4build"
        else:
            did_you_mean = _did_you_mean(name, rule.understood | rule.refused)
            problem = f"element `{element.tag}` has no attribute `{name}`{did_you_mean}"
        yield element.span, problem
    for name in sorted(rule.required):
        if not element.attributes.get(name):  # git-repo takes empty for missing
            yield element.span, f"element `{element.tag}` lacks the attribute `{name}`"


def _why_misplaced(child: Element, parent: Element) -> str:
    if child.tag in _REFUSED_ELEMENTS:
        return f"element `{child.tag}` is not supported by sel4build"
    if child.tag == parent.tag == "project":
        return "a `project` inside a `project` is not supported by sel4build"
    if child.tag not in RULES:
        choices = RULES[parent.tag].children | _REFUSED_ELEMENTS
        return f"unknown element `{child.tag}`{_did_you_mean(child.tag, choices)}"
    homes = sorted(tag for tag, rule in RULES.items() if child.tag in rule.children)
    where = " or ".join(f"`{tag}`" for tag in homes)
    place = f"; it belongs in {where}" if homes else ""
    return f"element `{child.tag}` may not stand in `{parent.tag}`{place}"


def _did_you_mean(name: str, choices: Iterable[str]) -> str:
    meant = suggest(name, choices)
    return f"; did you mean `{meant}`?" if meant else ""
