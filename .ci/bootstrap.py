# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a fresh checkout to a running program, with nothing but Python and its library.

    python3 .ci/bootstrap.py demo [ARGUMENT]...     set up, then run `sel4build demo`
    python3 .ci/bootstrap.py tests [ARGUMENT]...    set up, then run every check and test
    python3 .ci/bootstrap.py COMMAND [ARGUMENT]...  set up, then run `sel4build COMMAND`

The set-up is a virtual environment in `.venv`, so that the host's own Python stays as it is. What
Debian lacks is installed with apt-get for root, with sudo for who agrees, and otherwise named.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
LACKING = 4  # the exit status of sel4build for an environment that lacks something

# What the tests start for real; each tool with the Debian package that brings it.
TEST_TOOLS = {
    "git": "git",
    "gcc": "gcc",
    "make": "make",
    "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu",
    "arm-linux-gnueabi-gcc": "gcc-arm-linux-gnueabi",
    "qemu-system-aarch64": "qemu-system-arm",
    "qemu-system-x86_64": "qemu-system-x86",
    "xorriso": "xorriso",
    "gpg": "gnupg",
    "ssh-keygen": "openssh-client",
    "grub-mkimage": "grub-common",
}
TEST_FILES = {
    "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd": "qemu-efi-aarch64",
    "/usr/lib/u-boot/qemu_arm64/u-boot.bin": "u-boot-qemu",
    "/usr/lib/grub/i386-pc/multiboot.mod": "grub-pc-bin",
}


def main(words: list[str]) -> int:
    """Set up, run what `words` ask for, and return its exit status."""
    if sys.version_info < OLDEST:
        fail(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version}")
    if not words or words[0] in {"-h", "--help"}:
        print(__doc__)
        return 0 if words else 2
    command, *rest = words
    bring_debian_packages(
        missing_test_packages() if command == "tests" else missing_venv_packages()
    )
    make_environment()
    if command != "tests":
        pip("install", "--editable", str(ROOT))
        return run(str(PYTHON), "-m", "sel4build", command, *rest)
    pip("install", "nox")
    nox = (str(PYTHON), "-m", "nox", "--noxfile", str(ROOT / "noxfile.py"))
    return run(*nox, "--no-reuse-existing-virtualenvs", "--tags", "ci", "--", *rest)


def make_environment() -> None:
    """Make the virtual environment, anew if the one that is there does not work."""
    if environment_works():
        return
    say(f"make {VENV}")
    shutil.rmtree(VENV, ignore_errors=True)
    venv = ("-m", "venv", str(VENV))
    if has_module("ensurepip"):
        made = run(sys.executable, *venv) == 0
    else:
        # Debian keeps ensurepip in a package of its own; its pip does as well.
        made = run(sys.executable, *venv, "--without-pip") == 0
        host_pip = ("-m", "pip", "--quiet", "--python", str(PYTHON))
        made = made and run(sys.executable, *host_pip, "install", "pip") == 0
    if not made:
        fail(f"`{sys.executable} -m venv {VENV}` failed")


def environment_works() -> bool:
    """Tell whether an earlier run left a virtual environment with pip."""
    return PYTHON.exists() and run(str(PYTHON), "-m", "pip", "--version", quiet=True) == 0


def has_module(name: str) -> bool:
    """Tell whether the host's Python has a module of this name."""
    return importlib.util.find_spec(name) is not None


def missing_venv_packages() -> list[str]:
    """Return the Debian package without which no virtual environment can be made."""
    if environment_works() or has_module("ensurepip") or has_module("pip"):
        return []
    return ["python3-venv"]


def missing_test_packages() -> list[str]:
    """Return the Debian packages that the tests still need, each once."""
    tools = [package for tool, package in TEST_TOOLS.items() if shutil.which(tool) is None]
    files = [package for file, package in TEST_FILES.items() if not Path(file).exists()]
    # The tests make environments of their own, as a user would.
    modules = [] if has_module("ensurepip") else ["python3-venv"]
    return sorted({*tools, *files, *modules})


def bring_debian_packages(packages: list[str]) -> None:
    """Install `packages`, or say how to."""
    if not packages:
        return
    names = " ".join(packages)
    line = f"apt-get install --yes --no-install-recommends {names}"
    if shutil.which("apt-get") is None:
        fail(f"missing: {names} (names of Debian packages)")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    if sudo and not agrees_to_sudo(names):
        fail(f"missing Debian packages; run `apt-get update && {line}` as root, then this again")
    say(f"install {names}")
    # sudo clears the environment, so it is set behind it.
    apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    # A machine that has just started may still be at its own updates.
    apt_get += ["-o", "DPkg::Lock::Timeout=120"]
    for words in (["update"], line.split()[1:]):
        done = subprocess.run(
            [*apt_get, *words],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            sys.stderr.buffer.write(done.stdout)
            fail(f"`{' '.join(['apt-get', *words])}` failed")


def agrees_to_sudo(names: str) -> bool:
    """Ask the user, if there is one, whether sudo may install `names`."""
    if shutil.which("sudo") is None or not sys.stdin or not sys.stdin.isatty():
        return False
    return input(f"Install {names} with sudo apt-get? [y/N] ").strip().lower() in {"y", "yes"}


def pip(*words: str) -> None:
    """Run pip in the virtual environment."""
    say(f"pip {' '.join(words)}")
    pip_words = ("-m", "pip", "--quiet", "--disable-pip-version-check", *words)
    if run(str(PYTHON), *pip_words) != 0:
        fail(f"`{PYTHON} -m pip {' '.join(words)}` failed")


def run(*argv: str, quiet: bool = False) -> int:
    """Run a program to its end and return its status."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(argv, check=False, stdout=output, stderr=output).returncode


def say(message: str) -> None:
    """Show what takes the time now."""
    print(f"bootstrap: {message}", file=sys.stderr, flush=True)


def fail(message: str) -> None:
    """Say what is missing and leave, with the status of a lacking environment."""
    print(f"error: {message}", file=sys.stderr)
    sys.exit(LACKING)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
