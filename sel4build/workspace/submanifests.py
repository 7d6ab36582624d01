# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Fetch and read the submanifests of a manifest, and those of these, and join them to it."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from sel4build.git.safety import without_credentials
from sel4build.manifest import ManifestFiles, load_manifest
from sel4build.manifest.submanifests import (
    MOST_DEPTH,
    MOST_PARTS,
    SubmanifestSource,
    join_parts,
    locate_submanifests,
    part_of,
    place_projects,
)
from sel4build.manifest.xml import problems_error
from sel4build.model.lock import LockedSubmanifest, ManifestOrigin
from sel4build.model.manifest import CommitId, Manifest, ManifestPart, Project
from sel4build.model.paths import RelPath

CheckOut = Callable[[SubmanifestSource, CommitId | None], tuple[Path, CommitId]]
"""Check out a submanifest, at a commit where one is given; returns its folder and the commit."""

Pins = Mapping[RelPath, LockedSubmanifest]
"""The submanifests that are locked, by path."""

Place = tuple[str, str, str]
"""A manifest file by repository, commit and name."""


def join_submanifests(
    manifest: Manifest,
    origin: ManifestOrigin,
    *,
    base: str | None,
    commit: CommitId | None,
    pins: Pins,
    check_out: CheckOut,
) -> Manifest:
    """Return `manifest` with the projects of its submanifests, nested ones too.

    A submanifest that is locked, and still wanted from there, is read at the commit that is
    locked. Raises ProblemsError for a circle, and for what is wrong in any of them.
    """
    if not manifest.submanifests:
        return manifest
    top = (without_credentials(base or ""), commit or "", origin.file if origin.url else "")
    joining = _Joining(pins, check_out)
    joining.join(manifest, base=base, above=None, via=((manifest.origin, top),))
    return join_parts(manifest, joining.parts, joining.projects, groups=origin.groups)


class _Joining:
    """What was read so far."""

    def __init__(self, pins: Pins, check_out: CheckOut) -> None:
        self.parts: list[ManifestPart] = []
        self.projects: list[Project] = []
        self._pins = pins
        self._check_out = check_out

    def join(
        self,
        manifest: Manifest,
        *,
        base: str | None,
        above: RelPath | None,
        via: tuple[tuple[str, Place], ...],
    ) -> None:
        """Read the submanifests of `manifest`; `via` are the manifests that led to it, itself too.

        The first of each pair is what messages call it.
        """
        for source in locate_submanifests(manifest, base=base, above=above):
            root, commit = self._check_out(source, self._pinned(source))
            place = (without_credentials(source.url), commit, source.file)
            self._require_end(manifest, source, place, via)
            files = ManifestFiles(root_dir=root, file=source.file, url=source.url)
            found = load_manifest(files, part_groups=source.groups)
            self.parts.append(part_of(source, found, commit))
            self.projects += place_projects(source, found.projects)
            step = (f"{source.name} ({source.path})", place)
            self.join(found, base=source.url, above=source.path, via=(*via, step))

    def _pinned(self, source: SubmanifestSource) -> CommitId | None:
        known = self._pins.get(source.path)
        wanted = (without_credentials(source.url), source.revision, source.file)
        if known is None or (known.url, known.revision, known.file) != wanted:
            return None
        return known.commit

    def _require_end(
        self,
        manifest: Manifest,
        source: SubmanifestSource,
        place: Place,
        via: tuple[tuple[str, Place], ...],
    ) -> None:
        """Raise ProblemsError for what would go on for ever, or nearly."""
        problem = ""
        places = [each for _name, each in via]
        if place in places:
            names = [name for name, _place in via[places.index(place) :]]
            cycle = " -> ".join([*names, f"{source.name} ({source.path})"])
            problem = f"submanifests go round in a circle: {cycle}, which is {names[0]} again"
        elif len(via) > MOST_DEPTH:
            chain = " -> ".join([name for name, _place in via] + [source.name])
            problem = f"submanifests are nested more than {MOST_DEPTH} deep: {chain}"
        elif len(self.parts) >= MOST_PARTS:
            problem = f"there are more than {MOST_PARTS} submanifests"
        if problem:
            raise problems_error(manifest.origin, [(source.span, problem)])


def pins_of(submanifests: tuple[LockedSubmanifest, ...]) -> Pins:
    """Return what is locked, by path."""
    return {each.path: each for each in submanifests}


def as_origin(source: SubmanifestSource, commit: CommitId | None) -> ManifestOrigin:
    """Return a submanifest as an origin of its own."""
    origin = ManifestOrigin(url=source.url, revision=source.revision, file=source.file)
    return origin if commit is None else dataclasses.replace(origin, revision=commit)
