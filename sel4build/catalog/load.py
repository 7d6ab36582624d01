# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Find, read and join the files of the catalogue.

Hidden here: which of two entries of one name wins (the later folder, and the catalogue says so) and
that an app is found by its folder, one or two levels down.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from sel4build.catalog.check import check_catalog, why_bad_name
from sel4build.catalog.files import AppFile, FamilyFile
from sel4build.catalog.merge import Problem, merge_app
from sel4build.errors import ProblemsError, Span
from sel4build.model.app import App
from sel4build.model.catalog import Catalog
from sel4build.model.platform import Platform
from sel4build.model.toolchain import Toolchain
from sel4build.reading import parse_toml, read_text
from sel4build.resources import data_roots

_APP_FILE = "app.toml"
_FAMILY_FILE = "family.toml"
_FAMILY_SUFFIX = ".family.toml"
_T = TypeVar("_T")


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def span(self) -> Span | None: ...


_N = TypeVar("_N", bound=_Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRoots:
    """Where the catalogue is read from: our own folder first, then those of the user."""

    platforms: tuple[Path, ...]
    apps: tuple[Path, ...]
    toolchains: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Found(Generic[_T]):
    """A file that was read: its place on disk, the key by which it is known, what it says."""

    key: str
    label: str
    value: _T


def find_roots(overlays: Iterable[Path] = ()) -> CatalogRoots:
    """Return our own folders followed by those of `overlays`; raises as `data_roots` does."""
    overlays = tuple(overlays)
    return CatalogRoots(
        platforms=data_roots("platforms", overlays),
        apps=data_roots("apps", overlays),
        toolchains=data_roots("toolchains", overlays),
    )


def load_catalog(overlays: Iterable[Path] = (), *, roots: CatalogRoots | None = None) -> Catalog:
    """Load the whole catalogue.

    An entry of an overlay takes the place of ours of the same name, which `notes` tell. Raises
    ProblemsError with all problems of all files: first of each file by itself, and when there are
    none, of the files together.
    """
    return _Loading().catalog(roots or find_roots(overlays))


class _Loading:
    """One load under way: the problems, the notes and the digest so far."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._notes: list[str] = []
        self._digest = hashlib.sha256()

    def catalog(self, roots: CatalogRoots) -> Catalog:
        """Return the catalogue, or raise ProblemsError."""
        platforms = self._flat(roots.platforms, "platforms", Platform)
        toolchains = self._flat(roots.toolchains, "toolchains", Toolchain)
        families = self._families(roots.apps)
        files = self._apps(roots.apps)
        self._raise_problems()
        apps = tuple(self._merged(files, families, platforms))
        catalog = Catalog(
            platforms=tuple(platforms.values()),
            apps=apps,
            toolchains=tuple(sorted(toolchains.values(), key=lambda each: (each.rank, each.name))),
            digest=self._digest.hexdigest(),
            notes=tuple(self._notes),
        )
        self._problems.extend(check_catalog(catalog))
        self._raise_problems()
        return catalog

    def _flat(self, roots: tuple[Path, ...], kind: str, cls: type[_N]) -> dict[str, _N]:
        """Read the folders that hold one file an entry."""
        chosen: dict[str, _Found[_N]] = {}
        for position, root in enumerate(roots):
            paths = sorted(each for each in root.iterdir() if each.suffix == ".toml")
            for path in paths:
                label = f"{kind}/{path.name}" if position == 0 else str(path)
                value = self._read(path, label, cls)
                if value is not None:
                    self._check_name(value, path.stem, "the file")
                    self._choose(chosen, _Found(path.stem, label, value), kind.removesuffix("s"))
        return {key: chosen[key].value for key in sorted(chosen)}

    def _families(self, roots: tuple[Path, ...]) -> dict[str, FamilyFile]:
        """Read the families: `` is that of all apps, `/Arm` that of a folder, else by name."""
        chosen: dict[str, _Found[FamilyFile]] = {}
        for position, root in enumerate(roots):
            for key, path in _family_paths(root):
                label = _label(path, root, position)
                value = self._read(path, label, FamilyFile)
                if value is not None:
                    self._choose(chosen, _Found(key, label, value), "family")
        return {key: each.value for key, each in chosen.items()}

    def _apps(self, roots: tuple[Path, ...]) -> dict[str, tuple[str, AppFile]]:
        """Read the apps: name to the folder that they are in and what they say."""
        chosen: dict[str, _Found[tuple[str, AppFile]]] = {}
        for position, root in enumerate(roots):
            in_this_root: dict[str, str] = {}
            for folder, path in _app_paths(root):
                label = _label(path, root, position)
                value = self._read(path, label, AppFile)
                if value is None:
                    continue
                self._check_name(value, path.parent.name, "the folder")
                if value.name in in_this_root:
                    text = f"app `{value.name}` is also in {in_this_root[value.name]}"
                    self._problems.append((value.span, text))
                in_this_root[value.name] = label
                self._choose(chosen, _Found(value.name, label, (folder, value)), "app")
        return {key: chosen[key].value for key in sorted(chosen)}

    def _merged(
        self,
        files: Mapping[str, tuple[str, AppFile]],
        families: Mapping[str, FamilyFile],
        platforms: Mapping[str, Platform],
    ) -> Iterator[App]:
        for folder, file in files.values():
            layers = tuple(self._layers(folder, families))
            app, problems = merge_app(file, layers, platforms)
            self._problems.extend(problems)
            if app is not None:
                yield app

    def _layers(self, folder: str, families: Mapping[str, FamilyFile]) -> Iterator[FamilyFile]:
        """Yield what is below an app of `folder`, the undermost first."""
        for key in ("", f"/{folder}") if folder else ("",):
            if key in families:
                yield from reversed(tuple(self._chain(families[key], families)))

    def _chain(
        self, family: FamilyFile, families: Mapping[str, FamilyFile]
    ) -> Iterator[FamilyFile]:
        """Yield `family`, what it extends, what that extends, and so on."""
        met: set[str] = set()
        yield family
        while family.extends is not None:
            name = family.extends
            if name in met or name not in families:
                why = "extends itself" if name in met else "does not exist"
                problem = (family.spans["extends"], f"`{name}{_FAMILY_SUFFIX}` {why}")
                if problem not in self._problems:
                    self._problems.append(problem)
                return
            met.add(name)
            family = families[name]
            yield family

    def _read(self, path: Path, label: str, cls: type[_T]) -> _T | None:
        try:
            text = read_text(path, file=label)
            self._digest.update(f"{path.name}\0{len(text)}\0{text}".encode())
            return parse_toml(text, label, cls)
        except ProblemsError as error:
            self._problems.extend(error.problems)
            return None

    def _check_name(self, value: _Named, wanted: str, where: str) -> None:
        wrong = why_bad_name(value.name)
        if wrong is None and value.name != wanted:
            wrong = f"the name is `{value.name}`, but {where} is called `{wanted}`"
        if wrong is not None:
            self._problems.append((value.span, wrong))

    def _choose(self, chosen: dict[str, _Found[_T]], found: _Found[_T], what: str) -> None:
        before = chosen.get(found.key)
        if before is not None:
            name = f" `{found.key.lstrip('/')}`" if found.key else ""
            self._notes.append(f"{what}{name}: {found.label} takes the place of {before.label}")
        chosen[found.key] = found

    def _raise_problems(self) -> None:
        if not self._problems:
            return
        count = len(self._problems)
        message = "the catalogue has " + ("1 problem" if count == 1 else f"{count} problems")
        raise ProblemsError(message, tuple(self._problems))


def _label(path: Path, root: Path, position: int) -> str:
    return f"apps/{path.relative_to(root).as_posix()}" if position == 0 else str(path)


def _folders(root: Path) -> list[Path]:
    return sorted(each for each in root.iterdir() if each.is_dir())


def _family_paths(root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.glob(f"*{_FAMILY_SUFFIX}")):
        yield path.name.removesuffix(_FAMILY_SUFFIX), path
    if (root / _FAMILY_FILE).is_file():
        yield "", root / _FAMILY_FILE
    for folder in _folders(root):
        if (folder / _FAMILY_FILE).is_file():
            yield f"/{folder.name}", folder / _FAMILY_FILE


def _app_paths(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the folder of apps (empty at the top) and the file of each app."""
    for folder in _folders(root):
        if (folder / _APP_FILE).is_file():
            yield "", folder / _APP_FILE
            continue
        for inner in _folders(folder):
            if (inner / _APP_FILE).is_file():
                yield folder.name, inner / _APP_FILE
