# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Write what the reference can take from the program itself: `cli.md` and `catalogue.md`.

python docs/reference/generate.py            write the files
python docs/reference/generate.py --check    fail when one of them is out of date
"""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from sel4build.catalog import load_catalog
from sel4build.model.catalog import Catalog

FOLDER = Path(__file__).parent
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
    for name, text in (("cli.md", render_cli()), ("catalogue.md", render_catalogue())):
        file = FOLDER / name
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
        + _table(("App", "VMs", "Platforms", "What it is"), _app_rows(catalog))
        + "\n## Known to be broken in the sources\n\n"
        + _table(("App", "Platform", "Why"), _broken_rows(catalog))
    )


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
        yield f"`{app.name}`", str(app.num_vms), names, app.summary


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
