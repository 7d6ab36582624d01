# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Find the data folders: those of the checkout, of the installed wheel, and of the user.

The checkout comes first, so that an edited file is seen in an editable install too.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from sel4build.errors import EnvironmentLacksError, InputError

DataKind = Literal["manifests", "platforms", "toolchains", "apps", "host"]
"""The name of a data folder."""

_PACKAGE_DIR = Path(__file__).parent


def data_root(kind: DataKind, *, package_dir: Path = _PACKAGE_DIR) -> Path:
    """Return the folder of our own data of this kind.

    Raises EnvironmentLacksError when the installation lacks it.
    """
    checkout_dir = package_dir.parent
    beside = checkout_dir / kind
    if (checkout_dir / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    # The wheel is unpacked: importlib.resources would find the same folder, later.
    installed = package_dir / "_data" / kind
    if installed.is_dir():
        return installed
    message = f"the data folder `{kind}` is missing from this installation"
    raise EnvironmentLacksError(message, hint="install sel4build again")


def data_roots(
    kind: DataKind, overlays: Iterable[Path] = (), *, package_dir: Path = _PACKAGE_DIR
) -> tuple[Path, ...]:
    """Return our own folder, then that of each overlay which has one, in the order given.

    An overlay is a folder of the user's with the same shape (`--data-dir`). Raises InputError
    when one does not exist.
    """
    roots = [data_root(kind, package_dir=package_dir)]
    for overlay in overlays:
        if not overlay.is_dir():
            message = f"data folder `{overlay}` does not exist"
            raise InputError(message, hint="pass an existing folder to `--data-dir`")
        if (overlay / kind).is_dir():
            roots.append(overlay / kind)
    return tuple(roots)
