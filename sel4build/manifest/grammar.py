# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The elements and attributes of git-repo's manifest format, and what becomes of each here.

Source of the names: git-repo, docs/manifest-format.md. docs/reference/manifest.md is written from
this table. Names that begin with `x-` are reserved for extensions. Any other name that is not here,
and text where none belongs, is passed over, as git-repo does, but with a warning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sel4build.manifest.xml import Element, Findings
from sel4build.reading import suggest

_EXTENSION = "x-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementRule:
    """What may stand in an element, and what each of it means here."""

    meaning: str
    required: Mapping[str, str] = field(default_factory=dict)
    optional: Mapping[str, str] = field(default_factory=dict)
    children: frozenset[str] = frozenset()
    has_text: bool = False

    @property
    def attributes(self) -> frozenset[str]:
        """All attributes that may be used."""
        return frozenset(self.required) | frozenset(self.optional)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROOT = "manifest"

_KEPT = "kept, not used"
_ANNOTATION = _words("annotation")
_FILES = _words("annotation copyfile linkfile")
_REVISION = "branch, tag or commit"
_BOOLEAN = "`true`, `yes`, `1` or `false`, `no`, `0`; anything else is passed over with a warning"

RULES = {
    ROOT: ElementRule(
        meaning="The root.",
        children=_words(
            "remote default project extend-project remove-project include notice manifest-server "
            "repo-hooks superproject contactinfo submanifest"
        ),
    ),
    "notice": ElementRule(
        meaning="Text for whoever syncs, said when the manifest is locked. At most once.",
        has_text=True,
    ),
    "remote": ElementRule(
        meaning="A named URL base. A second one of the same name has to be equal.",
        required={
            "name": "what projects call it",
            "fetch": "the URL base; a relative one is joined to the manifest's own URL",
        },
        optional={
            "alias": "what git calls it in every project, in place of `name`",
            "pushurl": "with `/` and the name of a project: where `git push` pushes it",
            "review": _KEPT + ": there is no code review here",
            "revision": f"{_REVISION} of projects that name none",
        },
        children=_ANNOTATION,
    ),
    "default": ElementRule(
        meaning="What a project takes when it does not say. A second one has to be equal or empty.",
        optional={
            "remote": "the remote",
            "revision": f"{_REVISION}; comes after that of the project, the include, the remote",
            "upstream": "branch or tag that a commit came from",
            "dest-branch": _KEPT,
            "sync-j": "projects at a time, unless `--jobs` says so; a whole number above 0",
            "sync-j-max": "projects at a time at most; a whole number above 0",
            "sync-c": f"for all projects; see `project`. {_BOOLEAN}",
            "sync-s": "for projects that do not say; see `project`",
            "sync-tags": "for projects that do not say; see `project`",
        },
    ),
    "manifest-server": ElementRule(
        meaning="Kept, not used; a note says so. At most once.",
        required={"url": _KEPT},
        optional={"helper": _KEPT},
    ),
    "submanifest": ElementRule(
        meaning=(
            "A manifest of its own: its projects, and those of its submanifests, are part of the "
            "whole. Its remotes and its default are its own, its paths and the places of its links "
            "are relative to `path`. The lock holds its commit."
        ),
        required={"name": "what messages call it; one of its kind in a manifest"},
        optional={
            "remote": "the remote of its repository, by default that of `default`; needs `project`",
            "project": "with the remote its URL; without it, it is in this repository too",
            "manifest-name": "the file, by default `default.xml`",
            "revision": f"{_REVISION}; by default its name",
            "path": "where it lies; by default the last part of `revision`",
            "groups": "more groups of all its projects",
            "default-groups": "the list of groups that counts for its projects without `--groups`",
        },
        children=_ANNOTATION,
    ),
    "project": ElementRule(
        meaning=(
            "One git repository at a path. One in another takes the other's name and path before "
            "its own."
        ),
        required={"name": "its URL is that of the remote, `/`, and the name; no `.git` is added"},
        optional={
            "path": "where it lies; by default its name, with that of the project around it",
            "remote": "the remote",
            "revision": _REVISION,
            "upstream": "branch or tag that a commit came from",
            "dest-branch": _KEPT,
            "groups": "separated by commas or blanks; `init --groups` chooses by them",
            "rebase": _KEPT + ": local commits are never rebased",
            "sync-c": (
                "`true`: `git fetch` fetches the branch `upstream` alone. A sync always fetches "
                "the locked commit alone with its history; of a server that refuses that, what "
                "holds it"
            ),
            "sync-s": "`true`: its submodules are synced as projects of their own; see above",
            "sync-tags": "`false`: neither `git fetch` nor a sync fetches tags",
            "clone-depth": (
                "how many commits of the history are fetched, whatever `--depth` says; a whole "
                "number above 0"
            ),
            "force-path": _KEPT,
            "sync-strategy": _KEPT,
        },
        children=_FILES | _words("project"),
    ),
    "extend-project": ElementRule(
        meaning="Change a project that was named before; there has to be one.",
        required={"name": "its name; all projects of that name"},
        optional={
            "path": "only the one at this path, if there is one",
            "dest-path": "where it lies from now on",
            "groups": "more groups",
            "remote": "another remote",
            "revision": f"another {_REVISION}",
            "upstream": "another branch or tag that the commit came from",
            "dest-branch": _KEPT,
            "base-rev": "with `revision`: refused unless this is the revision so far",
        },
        children=_FILES,
    ),
    "remove-project": ElementRule(
        meaning="Drop projects that were named before; `name` or `path` is needed.",
        optional={
            "name": "all projects of that name",
            "path": "only the one at this path",
            "optional": "nothing to drop is no mistake",
            "base-rev": "refused unless this is the revision so far",
        },
    ),
    "include": ElementRule(
        meaning="Another file, in place of the include. A circle is refused and shown.",
        required={"name": "path in the manifest's folder, which it may not leave"},
        optional={
            "groups": "more groups of every project that is not in another one",
            "revision": (
                f"{_REVISION} of every such project that has no `revision`, not even an empty one"
            ),
        },
    ),
    "copyfile": ElementRule(
        meaning="A read-only copy in the workspace, renewed when its source changes.",
        required={"src": "a file of the project", "dest": "path in the workspace"},
    ),
    "linkfile": ElementRule(
        meaning="A relative symbolic link in the workspace.",
        required={
            "src": "a file or folder of the project, `.` for all of it, or a pattern",
            "dest": "path in the workspace; for a pattern the folder of the links",
        },
    ),
    "annotation": ElementRule(
        meaning="A name with a value, kept in the lock.",
        required={"name": "the name", "value": "the value"},
        optional={"keep": "`false`: not in a manifest that is exported"},
    ),
    "repo-hooks": ElementRule(
        meaning="Kept; a note says that hooks are never run. At most once.",
        required={"in-project": "name of a project that is there", "enabled-list": _KEPT},
    ),
    "superproject": ElementRule(
        meaning="Kept, not used; a note says so. At most once.",
        required={"name": _KEPT},
        optional={"remote": "by default that of `default`", "revision": "as with a project"},
    ),
    "contactinfo": ElementRule(
        meaning="Where to report mistakes; kept. The last one counts.", required={"bugurl": _KEPT}
    ),
}


def check_root(root: Element) -> Findings:
    """Return what there is to say of the root element itself, not of what it contains."""
    if root.tag != ROOT:
        problem = f"the root element is `{root.tag}`, not `{ROOT}`"
        return Findings(problems=[(root.span, problem)])
    return _check_itself(root)


def check_child(child: Element, parent: Element) -> Findings:
    """Return all that there is to say of `child` of `parent`, and of all that it contains."""
    if is_extension(child.tag):
        return Findings()
    if not is_known(child, parent):
        return Findings(warnings=[(child.span, _why_misplaced(child, parent))])
    findings = _check_itself(child)
    for each in child.children:
        findings.take(check_child(each, child))
    return findings


def is_known(child: Element, parent: Element) -> bool:
    """Tell whether `child` means something where it stands; git-repo passes over what does not."""
    return child.tag in RULES[parent.tag].children


def is_extension(tag: str) -> bool:
    """Tell whether `tag` is of a name that is reserved for extensions."""
    return tag.startswith(_EXTENSION)


def _check_itself(element: Element) -> Findings:
    findings = _check_attributes(element, RULES[element.tag])
    if element.text and not RULES[element.tag].has_text:
        text = element.text.partition("\n")[0][:40]
        warning = f"element `{element.tag}` contains text, which is passed over: `{text}`"
        findings.warnings.append((element.text_span, warning))
    return findings


def _check_attributes(element: Element, rule: ElementRule) -> Findings:
    findings = Findings()
    for name in element.attributes:
        if name in rule.attributes or is_extension(name):
            continue
        warning = f"element `{element.tag}` has no attribute `{name}`, which is passed over"
        warning += _did_you_mean(name, rule.attributes)
        findings.warnings.append((element.span, warning))
    for name in sorted(rule.required):
        if not element.attributes.get(name):  # git-repo takes empty for missing
            problem = f"element `{element.tag}` lacks the attribute `{name}`"
            findings.problems.append((element.span, problem))
    if rule.has_text and not element.raw_text:
        findings.problems.append((element.span, f"element `{element.tag}` is empty"))
    return findings


def _why_misplaced(child: Element, parent: Element) -> str:
    if child.tag not in RULES:
        did_you_mean = _did_you_mean(child.tag, RULES[parent.tag].children)
        return f"unknown element `{child.tag}` is passed over{did_you_mean}"
    homes = sorted(tag for tag, rule in RULES.items() if child.tag in rule.children)
    where = " or ".join(f"`{tag}`" for tag in homes)
    place = f"; it belongs in {where}" if homes else ""
    return f"element `{child.tag}` in `{parent.tag}` is passed over{place}"


def _did_you_mean(name: str, choices: Iterable[str]) -> str:
    meant = suggest(name, choices)
    return f"; did you mean `{meant}`?" if meant else ""
