# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Where the files of a manifest lie, and how they are read without leaving their folder."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sel4build import resources
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.manifest.xml import MOST_BYTES
from sel4build.model.lock import ManifestOrigin
from sel4build.reading import suggest

_MOST_FILES = 1000
_SUFFIX = ".xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFiles:
    """The files of one manifest: the folder that includes are relative to, and the top file.

    `url` is what a relative `fetch` is joined to. `shown_dir` is put before the names of files in
    messages; by default it is `root_dir`. `local_dir` holds the user's own files, which come after.
    """

    root_dir: Path
    file: str
    url: str | None = None
    shown_dir: str | None = None
    local_dir: Path | None = None

    def shown(self, name: str) -> str:
        """Return how messages name the file `name`."""
        if self.shown_dir is None:
            return str(self.root_dir / name)
        return f"{self.shown_dir}/{name}" if self.shown_dir else name

    def local_names(self) -> tuple[str, ...]:
        """Return the names of the local manifests, in alphabetical order."""
        if self.local_dir is None or not self.local_dir.is_dir():
            return ()
        return tuple(sorted(each.name for each in self.local_dir.glob(f"*{_SUFFIX}")))

    def local(self, name: str) -> "ManifestFiles":
        """Return the files of a local manifest; its includes are relative to its own folder."""
        if self.local_dir is None:
            message = "there are no local manifests"
            raise AssertionError(message)
        shown_dir = None if self.shown_dir is None else self.local_dir.name
        return ManifestFiles(root_dir=self.local_dir, file=name, url=self.url, shown_dir=shown_dir)


def list_manifests(overlays: Sequence[Path] = ()) -> tuple[str, ...]:
    """Return the names of the manifests that we ship and that overlays add, sorted."""
    roots = resources.data_roots("manifests", overlays)
    return tuple(sorted({each.stem for root in roots for each in root.glob(f"*{_SUFFIX}")}))


def find_manifest(
    origin: ManifestOrigin, *, base_dir: Path, overlays: Sequence[Path] = ()
) -> ManifestFiles:
    """Return the files of a manifest that is given by name or by path.

    A relative path is relative to `base_dir`. Relative URLs in a file are resolved as if its
    folder were the manifest repository. Raises InputError when there is no such manifest.
    """
    if origin.name is not None:
        return _named(origin.name, overlays)
    if origin.path is None:
        message = "a manifest with a URL has to be fetched before its files can be found"
        raise AssertionError(message)
    file = base_dir / origin.path
    if not file.is_file():
        message = f"manifest file `{origin.path}` does not exist"
        raise InputError(message)
    return ManifestFiles(root_dir=file.parent, file=file.name, url=str(file.parent.resolve()))


def find_shipped_lock(name: str, overlays: Sequence[Path] = ()) -> Path | None:
    """Return the lockfile that comes with the manifest `name`, or None when it has none."""
    manifest = _named(name, overlays)
    lock_file = manifest.root_dir / f"{name}.lock.toml"
    return lock_file if lock_file.is_file() else None


class ManifestReader:
    """Reads files of one manifest and keeps the digest over their bytes."""

    def __init__(self, files: ManifestFiles) -> None:
        self._files = files
        self._count = 0
        self._digest = hashlib.sha256()

    def beside(self, name: str) -> "ManifestReader":
        """Return a reader of the local manifest `name` that goes on with this digest."""
        reader = ManifestReader(self._files.local(name))
        reader._digest = self._digest
        return reader

    @property
    def digest(self) -> str:
        """sha256 (hex) over all that was read so far."""
        return self._digest.hexdigest()

    def read(self, name: str) -> bytes:
        """Return the bytes of the file `name`; raise ValueError with the reason when it cannot."""
        self._count += 1
        if self._count > _MOST_FILES:
            message = f"the manifest includes more than {_MOST_FILES} files"
            raise ValueError(message)
        path = self._files.root_dir / name
        resolved = path.resolve()
        if name != self._files.file and not resolved.is_relative_to(self._files.root_dir.resolve()):
            message = f"file `{name}` leads out of the manifest's folder"
            raise ValueError(message)
        if not resolved.is_file():  # a device or pipe would never end
            message = f"file `{name}` does not exist in the manifest's folder"
            raise ValueError(message)
        content = self._bytes(path)
        self._digest.update(content)
        return content

    def _bytes(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            message = f"manifest file `{path}` cannot be read: {error.strerror}"
            raise EnvironmentLacksError(message) from error


def _named(name: str, overlays: Sequence[Path]) -> ManifestFiles:
    for root in reversed(resources.data_roots("manifests", overlays)):
        file = f"{name}{_SUFFIX}"
        if "/" not in name and (root / file).is_file():
            return ManifestFiles(root_dir=root, file=file)
    known = list_manifests(overlays)
    message = f"there is no manifest `{name}`"
    meant = suggest(name, known)
    names = ", ".join(f"`{each}`" for each in known)
    hint = f"did you mean `{meant}`?" if meant else f"choose one of {names}, a URL or a file"
    raise InputError(message, hint=hint)
