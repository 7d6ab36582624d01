# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the pattern of a linkfile means in a work tree: one link for each match."""

import fnmatch
import os
from pathlib import Path

from sel4build.model.manifest import LinkFile
from sel4build.model.paths import RelPath

_MAGIC = frozenset("*?[")


def expand_pattern(work_tree: Path, link: LinkFile) -> tuple[LinkFile, ...]:
    """Return the links that `link` stands for, in the order of their sources.

    As with git-repo's glob, a wildcard matches no slash and no leading dot, and two matches of one
    name have one place: the first gets it. No symbolic link is followed on the way.
    """
    sources = [""]
    for part in link.src.parts:
        sources = [each for source in sources for each in _matches(work_tree, source, part)]
    links: dict[str, LinkFile] = {}
    for source in sorted(sources):
        name = source.rpartition("/")[2]
        try:
            path = RelPath.parse(source)
            dest = RelPath.parse(f"{link.dest}/{name}")
        except ValueError:  # a name that no path of ours may have
            continue
        links.setdefault(name, LinkFile(src=path, dest=dest))
    return tuple(links.values())


def _matches(work_tree: Path, source: str, part: str) -> list[str]:
    folder = work_tree / source
    prefix = f"{source}/" if source else ""
    if _MAGIC.isdisjoint(part):
        place = folder / part
        return [prefix + part] if os.path.lexists(place) and not folder.is_symlink() else []
    if folder.is_symlink():
        return []
    try:
        names = [each.name for each in folder.iterdir()]
    except OSError:
        return []
    shown = (name for name in names if part.startswith(".") or not name.startswith("."))
    return [prefix + name for name in fnmatch.filter(shown, part)]
