# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The folder in which upstream keeps what it builds once for all trees (`SEL4_CACHE_DIR`).

Upstream's key for the C library leaves the compiler out (seL4_tools memoize.cmake), so that another
gcc would be given the library of the first; here each compiler has a folder of its own. Tools that
run on the host are the same for all of them, and are taken over from wherever they were built.
"""

import logging
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from sel4build.model.configuration import ChosenToolchain
from sel4build.writing import explaining_os_errors

_LOG = logging.getLogger(__name__)
# capdl capDL-tool/capDL-tool.cmake: parse-capDL, which costs a Haskell compiler.
_HOST_TOOLS = ("capDL-tool",)
_ARCHIVE = "code.tar.gz"


def memo_dir_of(toolchain: ChosenToolchain, cache_dir: Path) -> Path:
    """Return the folder for builds with `toolchain`."""
    return cache_dir / "sel4" / toolchain.fingerprint[:16]


def known_memo_dirs(cache_dir: Path, root: Path, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the folders that may hold host tools: the stock flow's, then our own.

    The stock flow takes `~/.sel4_cache` where that exists, else `.sel4_cache` beside the projects
    (seL4_tools init-build.sh); CMake also reads SEL4_CACHE_DIR from the environment.
    """
    named = environ.get("SEL4_CACHE_DIR")
    stock = [Path(named)] if named else []
    if home := environ.get("HOME"):
        stock.append(Path(home) / ".sel4_cache")
    stock.append(root / ".sel4_cache")
    return (*stock, *memo_dirs_of_ours(cache_dir))


def memo_dirs_of_ours(cache_dir: Path) -> tuple[Path, ...]:
    """Return the folder of each compiler that was used."""
    return tuple(sorted((cache_dir / "sel4").glob("*")))


def take_over_host_tools(memo_dir: Path, sources: Iterable[Path]) -> None:
    """Copy host tools that `sources` hold and `memo_dir` lacks; an archive comes whole or not."""
    for source in sources:
        for tool in _HOST_TOOLS:
            for archive in sorted((source / tool).glob(f"*/{_ARCHIVE}")):
                place = memo_dir / archive.relative_to(source)
                if not place.exists():
                    _copy(archive, place)


def _copy(archive: Path, place: Path) -> None:
    with explaining_os_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_name(f"{place.name}.{os.getpid()}.new")
        try:
            shutil.copyfile(archive, beside)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
    _LOG.info("took over %s", archive)
