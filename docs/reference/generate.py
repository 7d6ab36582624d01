# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Write what the reference can take from the program itself: command line, catalogue, manifest.

python docs/reference/generate.py            write the files
python docs/reference/generate.py --check    fail when one of them is out of date
"""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from sel4build.catalog import load_catalog
from sel4build.catalog.host import load_hints
from sel4build.cli.tables import matrix_cells, matrix_head, matrix_reasons
from sel4build.manifest.grammar import RULES, ElementRule
from sel4build.model.app import App, OptionKind, OptionSpec
from sel4build.model.catalog import Catalog
from sel4build.porting.registry import CHECKS
from sel4build.targets import PlatformFeatures, ci_build_rows, feature_matrix
from sel4build.targets.defines import has_effect
from sel4build.targets.features import TITLES, Status, needs_of, uses_of

MOST_APPS = 2  # that are named where an option has an effect
FOLDER = Path(__file__).parent
README = FOLDER.parents[1] / "README.md"
MATRIX_MARKS = (
    "<!-- features, written by docs/reference/generate.py -->\n",
    "<!-- /features -->\n",
)
PORTING = FOLDER.parent / "how-to" / "port-a-board.md"
CHECK_MARKS = (
    "<!-- checks, written by docs/reference/generate.py -->\n",
    "<!-- /checks -->\n",
)
HEADER = """\
<!--
SPDX-FileCopyrightText: 2026 The sel4build authors
SPDX-License-Identifier: BSD-2-Clause
Written by docs/reference/generate.py.
-->

"""


def main(words: Sequence[str]) -> int:
    """Write or check the files; return the exit code."""
    stale = []
    texts = {
        "cli.md": render_cli(),
        "catalogue.md": render_catalogue(),
        "features.md": render_features(),
        "hints.md": render_hints(),
        "manifest.md": render_manifest_reference(),
    }
    files = {FOLDER / name: text for name, text in texts.items()}
    files[README] = render_readme()
    files[PORTING] = render_porting()
    for file, text in files.items():
        name = file.name
        if not file.is_file() or file.read_text() != text:
            stale.append(name)
            if "--check" not in words:
                file.write_text(text)
    for name in stale:
        print(f"{name}: {'is out of date' if '--check' in words else 'written'}")
    return 1 if stale and "--check" in words else 0


def render_cli() -> str:
    """Return the reference of the command line, as Typer tells it."""
    argv = (sys.executable, "-m", "typer", "sel4build.cli.app", "utils", "docs")
    told = subprocess.run(
        (*argv, "--name", "sel4build"), check=True, capture_output=True, text=True
    ).stdout
    return HEADER + told.strip() + "\n"


def render_catalogue() -> str:
    """Return the tables of platforms and apps."""
    catalog = load_catalog()
    return (
        HEADER
        + "# Platforms and apps\n\n## Platforms\n\n"
        + _table(
            ("Platform", "Board", "seL4 arch", "Most nodes", "Image form", "File in `images/`"),
            _platform_rows(catalog),
        )
        + "\n## Apps\n\n"
        + _table(("App", "VMs", "Needs", "Can use", "Platforms", "What it is"), _app_rows(catalog))
        + "\n## Known to be broken in the sources\n\n"
        + _table(("App", "Platform", "Why"), _broken_rows(catalog))
        + OPTIONS_HEAD
        + _table(
            ("Option", "Values", "Default", "Where", "Variable", "What it does"), _options(catalog)
        )
        + CI_HEAD
        + _table(("Build", "What CI passes", "Tested", "Target"), _ci_rows(catalog))
    )


FEATURES_HEAD = """\
# Features of the platforms

What a guest can have on each platform, from the catalogue: an app that is for the platform and can
be built has it. The number behind a no is that of its reason below. `sel4build list features` shows
the same, with a user's own apps and platforms; `--json` has all of it as data.

"""
OLD_HEAD = """
## What the old matrix said

The README of camkes-vm-examples has a matrix of its own. Where it says something else, this is why:

"""
_SUPPORTED, _UNSUPPORTED = "Supported", "Unsupported"
# Columns as in TITLES: SMP, multi-VM, virtio PCI, console, net, cross-VM.
OLD_MATRIX = {
    "exynos5422": (False, True, True, True, True, True),
    "tk1": (False, False, False, False, False, False),
    "tx1": (True, False, False, False, False, False),
    "tx2": (True, True, True, True, True, False),
    "zcu102": (True, True, True, True, True, False),
    "qemu-arm-virt": (True, False, True, True, True, True),
}
"""README.md of camkes-vm-examples at dd7da62: whether a feature is supported."""


def render_features() -> str:
    """Return the matrix of features, the reasons, and what an older matrix said otherwise."""
    rows = feature_matrix(load_catalog())
    reasons = "".join(
        f"{number}. {reason}{f' (`{place}`)' if place else ''}\n"
        for number, (reason, place) in enumerate(matrix_reasons(rows), start=1)
    )
    old = _table(("Platform", "Feature", "The old matrix", "The sources", "Why"), _old_rows(rows))
    return f"{HEADER}{FEATURES_HEAD}{_matrix(rows)}\n## Why not\n\n{reasons}{OLD_HEAD}{old}"


def render_porting() -> str:
    """Return the walk-through of a port with the table of checks between its marks."""
    before, _, rest = PORTING.read_text().partition(CHECK_MARKS[0])
    _, _, after = rest.partition(CHECK_MARKS[1])
    rows = (
        (str(each.number), f"`{each.name}`", each.condition, each.hint, str(each.need))
        for each in CHECKS
    )
    table = _table(("", "Check", "What must hold", "When it does not", "Counts"), rows)
    return before + CHECK_MARKS[0] + "\n" + table + "\n" + CHECK_MARKS[1] + after


def render_readme() -> str:
    """Return the README with the matrix of features between its marks."""
    before, _, rest = README.read_text().partition(MATRIX_MARKS[0])
    _, _, after = rest.partition(MATRIX_MARKS[1])
    matrix = _matrix(feature_matrix(load_catalog()), numbered=False)
    return f"{before}{MATRIX_MARKS[0]}{matrix}{MATRIX_MARKS[1]}{after}"


def _matrix(rows: Sequence[PlatformFeatures], *, numbered: bool = True) -> str:
    cells = [
        (f"`{name}`", *(each if numbered else each.partition(" [")[0] for each in others))
        for name, *others in matrix_cells(rows)
    ]
    return _table(tuple(each.capitalize() for each in matrix_head()[:2]) + matrix_head()[2:], cells)


def _old_rows(rows: Sequence[PlatformFeatures]) -> Iterable[Sequence[str]]:
    for row in rows:
        if row.platform not in OLD_MATRIX:
            yield f"`{row.platform}`", "all", "not named", "see above", "it is in the sources"
            continue
        for verdict, was in zip(row.verdicts, OLD_MATRIX[row.platform], strict=True):
            if was is not (verdict.status is Status.YES):
                yield (
                    f"`{row.platform}`",
                    TITLES[verdict.feature],
                    _SUPPORTED if was else _UNSUPPORTED,
                    str(verdict.status),
                    verdict.reason or f"by {', '.join(f'`{app}`' for app in verdict.apps)}",
                )


OPTIONS_HEAD = """
## Options

`init --option NAME=VALUE`, or `--option NAME` for one that is on or off. Names and values are
completed in a shell (`sel4build --install-completion`). An option that has no effect on a platform
is refused there with the reason, and so is a value that upstream would overwrite.

"""
CI_HEAD = """
## Builds of upstream's continuous integration

`init --ci-build NAME`; `sel4build list ci-builds --json` has the markers of success and of failure
too.

"""


def _options(catalog: Catalog) -> Iterable[Sequence[str]]:
    """Return a row for each option, with the apps or platforms where it has an effect."""
    apps: dict[OptionSpec, list[App]] = {}
    for app in catalog.apps:
        for option in app.options:
            if any(_has_effect(option, catalog, each.platform) for each in app.platforms):
                apps.setdefault(option, []).append(app)
    for option, having in sorted(apps.items(), key=lambda each: (each[0].key or "", each[0].name)):
        values = "on, off" if option.kind is OptionKind.BOOL else ", ".join(option.choices)
        yield (
            f"`{option.key}`" if option.key else "-",
            values or f"a {option.kind}",
            option.default.lower() if option.default else "-",
            _where(option, having, catalog),
            f"`{option.name}`",
            option.summary,
        )


def _has_effect(option: OptionSpec, catalog: Catalog, name: str) -> bool:
    platform = catalog.platform(name)
    return platform is not None and has_effect(option, platform)


def _where(option: OptionSpec, having: Sequence[App], catalog: Catalog) -> str:
    if option.platforms:
        known = {each.platform for app in having for each in app.platforms}
        names = [name for name in option.platforms if name in known]
    elif len(having) <= MOST_APPS:
        names = [app.name for app in having]
    else:
        archs = {
            str(platform.arch)
            for app in having
            for each in app.platforms
            if (platform := catalog.platform(each.platform)) is not None
        }
        return "every VM" if len(archs) > 1 else f"every VM on {min(archs)}"
    return " ".join(f"`{name}`" for name in names)


def _ci_rows(catalog: Catalog) -> Iterable[Sequence[str]]:
    for row in ci_build_rows(catalog):
        tested = ", ".join(row.machines) or row.tested
        words = " ".join(f"`-D{each}`" for each in row.defines)
        yield f"`{row.name}`", words, tested, f"`{row.target}`"


HINTS_HEAD = """\
# Hints

When cmake, ninja or a machine fails, the first real error is shown: a Python traceback before
what it is hidden behind, the first error of CMake, the first failed step with its own message.
Where a hint knows the words, cause and cure follow. `cause:` names the source.

A pattern sees the first 4000 characters of a line, without control sequences; one that takes more
than a second for a line is left out with a warning.

Add your own in `host/hints.toml` of a data folder (`--data-dir`); they come before these, and one
of the same name takes its place:

```toml
version = 1

[[hints]]
name = "licence-server"
pattern = "cannot reach (?P<server>\\\\S+\\\\.example\\\\.com)"
cause = "the licence server {server} is down"
cure = "run `start-licences`"
source = "https://example.com/licences"
```

"""


def render_hints() -> str:
    """Return every hint: the words of the tool, what they mean, what helps."""
    sections = [
        f"## {hint.name}\n\nWords: `{hint.pattern}`\n\nCause: {hint.cause}.\n\n"
        f"Cure: {hint.cure}.\n\nSource: {_linked(hint.source)}\n"
        for hint in load_hints()
    ]
    return HEADER + HINTS_HEAD + "\n".join(sections)


def _linked(source: str) -> str:
    return f"<{source}>" if source.startswith("https://") else source


MANIFEST_HEAD = """\
# Manifests

The format is that of
[git-repo][format]. Every element
and attribute of it is read; what has no effect here is kept, and said when the manifest is
locked. What git-repo passes over is passed over here: elements and attributes of other names or
in another place, text where none belongs, and a boolean that is none, for which the default
counts. Every command that reads the manifest warns of each of them once, with its place and the
name that may have been meant, and with `--json` in `warnings`; names that begin with `x-` are free.
What git-repo refuses is refused, all of it at once and each with its place. `sel4build manifest
check FILE|URL` tells both, and with `--strict` warnings are problems too.

[format]: https://gerrit.googlesource.com/git-repo/+/main/docs/manifest-format.md

## In which order

1. Each `include` is replaced by the file that it names.
2. Every `remote` counts, then `default`, wherever they stand.
3. `project`, `extend-project` and `remove-project` take effect in the order of the text.
4. The user's own `local_manifests/*.xml` in the workspace come after that, in alphabetical order;
   their projects are in the group `local::NAME`, NAME being the file without `.xml`, and includes
   in them are relative to that folder. They are read by `sel4build lock`.

## URLs and paths

- The URL of a project is that of its remote, `/`, and its name. A relative `fetch` is joined to
  the URL of the manifest repository, whose last segment it replaces: `..` of
  `https://host/org/manifest` is `https://host`. `git@host:path` is `ssh://git@host/path`. `.git`
  is never added, and `insteadOf` is left to git.
- A path is relative, has no component `.`, `..`, `.git` or `.repo*`, no `~` and no invisible
  character. A slash may stand at the end of the name and the path of a project and of the source
  of a link; several in a row are one in a path, and stay in a name. No two projects have one path.

## Where sel4build is stricter

All of these git-repo takes, and they are refused, because of what they would do to the user's files
or hide from the user:

- A project at `.`: the workspace holds files of ours, and is no project.
- Paths in `sel4build.toml`, `sel4build.lock`, `.sel4build`, `.gitdirs` and `local_manifests` of the
  workspace, which are ours.
- A backslash or a control character in a name or path; a `dest-path` of `extend-project` that is
  not a path as above, or that is the path of another project, which git-repo would drop in silence.
- Links or copies of two selected projects at one place: in git-repo it depends on the order of
  checkouts which of them is there. Of those of one project the last copy, else the last link, is
  laid as in git-repo, with a warning. Also a link or copy at the path of a project, or of a folder
  that holds one; a project, link or copy below a link or copy; the folder of a pattern at the place
  of a link or copy. A bad path of a link is a problem even where its `extend-project` matches
  nothing.
- URLs of other transports than `https`, `http`, `ssh`, `git` and `file`; URLs, revisions and names
  of remotes that git would take for an option or a program or cannot take at all: with a `-` in
  front, a control character, or, in a revision or the name of a remote, what git-check-ref-format
  forbids. A commit id of upper-case letters or of SHA-256.
- A manifest that declares entities, has more than 16 MiB, 250 000 elements or 1000 files, or
  elements nested more than 16 deep; more than 200 submanifests; numbers of more than nine digits.
- An `include` or a `manifest-name` that leads out of the manifest's folder by a symbolic link or
  by `..`. Local manifests include from their own folder, not from that of `repo`.
- In a sync, lock or adoption: a manifest or a list of groups that selects no project. `manifest
  check` and `manifest show` warn of it. A copy whose source is not a file that is there. What a
  pattern of a link finds is passed over, with a warning, where it is a symbolic link.

## Groups

`init --groups LIST`, `manifest.groups` in `sel4build.toml`: from left to right, a group adds its
projects and `-GROUP` takes them away. Every project is in `all`, `name:NAME`, `path:PATH`, and in
`default` unless it is in `notdefault`; one that was moved by `dest-path`, or is of a submanifest,
is in `path:` of its first path there, as in git-repo.
Without a list it is `default`. `platform-linux` comes
last, as git-repo adds it on Linux, unless the list names that group itself. The lock holds only
the projects that are selected, and says the groups.

## Links and copies

As git-repo lays them: links are relative, and a pattern (`*`, `?`, `[...]`, no slash and no
leading dot) lays one link for each match. Copies are read-only, and are renewed when their source
changes. A link to what is not there is laid, with a warning. What a sync has laid and the manifest
asks for no more is removed. What a sync has not laid, or was changed since, is left alone and
named.

## Submanifests

`sel4build lock` fetches the repository of each `submanifest`, and of those in it, at most eight
deep; a circle is refused and shown. `lock --update` moves them with the manifest, without it they
stay at the commits in the lock. `manifest show` lists the projects of all; `manifest show
--resolved` and `lock --export-xml` write them as one manifest, with a number behind the name of a
remote that is taken. Their projects are in the groups `submanifest::path:PATH` and those of the
element, and, as in git-repo, not in those of a submanifest further out. `default-groups` counts as
git-repo documents it; `repo list` at the top of a workspace passes over it. `local_manifests/`
belongs to the manifest itself.

## Submodules

With `sync-s`, what the commit of a project pins in its tree is synced too, and what that pins in
turn: each submodule is a project `NAME/PATH` at `PATH/SUBPATH`, with the remote's name, groups and
`sync-tags` of the project around it. It is not in the lock, since the commit around it is; `sync`,
`status`, `forall`, `diff`, `grep` and `bundle` treat it like any other project, so one with changes
of yours is left alone. Of `.gitmodules` count `path`, `url` (a relative one is joined to the URL of
the project around it) and `shallow`; `git submodule` is never run, so that `update = !COMMAND` and
its like have no effect. Refused are a path that could not be a project's, a `.gitmodules` that is
no plain file or names one path twice, a URL that a manifest could not have, and a path of this host
in a project that does not come from here. A project of the manifest at the same path counts. One
that `repo` or `git submodule` has made stays theirs: at its commit it counts as synced, else it is
named and left alone.

## Elements

"""


def render_manifest_reference() -> str:
    """Return what becomes of each element and attribute, from the grammar's own table."""
    sections = []
    for tag, rule in RULES.items():
        rows = list(_attribute_rows(rule))
        table = f"\n{_table(('Attribute', 'Needed', 'What we do with it'), rows)}" if rows else ""
        homes = sorted(f"`{each}`" for each, other in RULES.items() if tag in other.children)
        home = f" Stands in {', '.join(homes)}." if homes else ""
        sections.append(f"### `{tag}`\n\n{rule.meaning}{home}\n{table}")
    return HEADER + MANIFEST_HEAD + "\n".join(sections)


def _attribute_rows(rule: ElementRule) -> Iterable[Sequence[str]]:
    for name, meaning in rule.required.items():
        yield f"`{name}`", "yes", meaning
    for name, meaning in rule.optional.items():
        yield f"`{name}`", "no", meaning


def _platform_rows(catalog: Catalog) -> Iterable[Sequence[str]]:
    for each in catalog.platforms:
        names = (each.image.kernel_name, each.image.name)
        yield (
            f"`{each.name}`",
            each.title,
            str(each.sel4_arch),
            str(each.max_num_nodes),
            str(each.image.format),
            ", ".join(f"`{name}`" for name in names if name),
        )


def _app_rows(catalog: Catalog) -> Iterable[Sequence[str]]:
    for app in catalog.apps:
        names = " ".join(f"`{each.platform}`" for each in app.platforms)
        needs = ", ".join(TITLES.get(each, str(each)) for each in needs_of(app))
        uses = ", ".join(
            f"{TITLES.get(each, str(each))} ({', '.join(f'`{board}`' for board in boards)})"
            for each, boards in uses_of(catalog, app).items()
        )
        yield f"`{app.name}`", str(app.num_vms), needs or "-", uses or "-", names, app.summary


def _broken_rows(catalog: Catalog) -> Iterable[Sequence[str]]:
    for app in catalog.apps:
        for each in app.platforms:
            if each.broken:
                yield f"`{app.name}`", f"`{each.platform}`", each.broken


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
