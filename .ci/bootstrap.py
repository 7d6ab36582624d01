# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a fresh checkout to a running program, with nothing but Python and its library.

    python3 .ci/bootstrap.py demo [ARGUMENT]...     set up, then run `sel4build demo`
    python3 .ci/bootstrap.py tests [ARGUMENT]...    set up, then run every check and test
    python3 .ci/bootstrap.py COMMAND [ARGUMENT]...  set up, then run `sel4build COMMAND`

The set-up is a virtual environment in `.venv`, so that the host's own Python stays as it is. What
Debian lacks is installed with apt-get where this runs as root, and otherwise named.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)

# What the tests start for real; each tool with the Debian package that brings it.
TEST_TOOLS = {
    "git": "git",
    "gcc": "gcc",
    "make": "make",
    "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu",
    "arm-linux-gnueabi-gcc": "gcc-arm-linux-gnueabi",
    "qemu-system-aarch64": "qemu-system-arm",
    "qemu-system-x86_64": "qemu-system-x86",
    "dtc": "device-tree-compiler",
    "xorriso": "xorriso",
    "grub-mkrescue": "grub-common",
    "mformat": "mtools",
}
TEST_FILES = {
    "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd": "qemu-efi-aarch64",
    "/usr/lib/u-boot/qemu_arm64/u-boot.bin": "u-boot-qemu",
    "/usr/lib/grub/i386-pc/multiboot.mod": "grub-pc-bin",
    "/usr/share/seabios/bios-256k.bin": "seabios",
    "/usr/lib/ipxe/qemu/efi-virtio.rom": "ipxe-qemu",
}


def main(words: list[str]) -> int:
    """Set up, run what `words` ask for, and return its exit status."""
    if sys.version_info < OLDEST:
        fail(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version}")
    if not words:
        print(__doc__)
        return 2
    make_environment()
    command, *rest = words
    if command != "tests":
        pip("install", "--quiet", "--editable", str(ROOT))
        return run(str(VENV / "bin" / "sel4build"), command, *rest)
    bring_debian_packages(missing_test_packages())
    pip("install", "--quiet", "nox")
    return run(
        str(PYTHON),
        "-m",
        "nox",
        "--noxfile",
        str(ROOT / "noxfile.py"),
        "--no-reuse-existing-virtualenvs",
        "-t",
        "ci",
        *rest,
    )


def make_environment() -> None:
    """Make the virtual environment, with Debian's python3-venv where Python came without it."""
    if PYTHON.exists() and run(str(PYTHON), "-m", "pip", "--version", quiet=True) == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if run(sys.executable, "-c", "import ensurepip", quiet=True) != 0:
        bring_debian_packages(["python3-venv"])
    if run(sys.executable, "-m", "venv", str(VENV)) != 0:
        fail("no virtual environment can be made; run `apt-get install python3-venv`")


def missing_test_packages() -> list[str]:
    """Return the Debian packages that the tests still need, each once."""
    tools = [package for tool, package in TEST_TOOLS.items() if shutil.which(tool) is None]
    files = [package for file, package in TEST_FILES.items() if not Path(file).exists()]
    return sorted({*tools, *files})


def bring_debian_packages(packages: list[str]) -> None:
    """Install `packages`, or say how to."""
    if not packages:
        return
    line = "apt-get install --yes --no-install-recommends " + " ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        fail(f"missing Debian packages; run `{line}` as root")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", environ=environ)
    if run(*line.split(), environ=environ) != 0:
        fail(f"`{line}` failed")


def pip(*words: str) -> None:
    """Run pip in the virtual environment."""
    if run(str(PYTHON), "-m", "pip", *words) != 0:
        fail(f"`pip {' '.join(words)}` failed")


def run(*argv: str, quiet: bool = False, environ: dict[str, str] | None = None) -> int:
    """Run a program to its end and return its status."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(argv, check=False, stdout=output, stderr=output, env=environ).returncode


def fail(message: str) -> None:
    """Say what is missing and leave, with the status of a lacking environment."""
    print(f"error: {message}", file=sys.stderr)
    sys.exit(4)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
