# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`doctor` on hosts of fake programs, each tool hidden in turn; and who asks it first."""

from pathlib import Path
from typing import Any

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import World, bin_folder
from tests.kit.configurations import write_program
from tests.kit.hosts import write_host

AARCH64 = "aarch64-linux-gnu-"
ARM = "arm-linux-gnueabi-"
ALWAYS = {
    "git": "git",
    "python3": "python3",
    "bash": "bash",
    "sed": "sed",
    "make": "make",
    "tar": "tar",
    "cpp": "cpp",
    "xmllint": "libxml2-utils",
    "cpio": "cpio",
    "stack": "haskell-stack",
}
OVERLAY = {
    "fakeroot": "fakeroot",
    "rsync": "rsync",
    "gzip": "gzip",
    "find": "findutils",
    "tput": "ncurses-bin",
}
# What is hidden, and the Debian package that brings it back.
LACKS = {
    ("vm_minimal", "tx2"): {
        **ALWAYS,
        f"{AARCH64}g++": "g++-aarch64-linux-gnu",
        f"{AARCH64}objcopy": "binutils-aarch64-linux-gnu",
        f"{AARCH64}strip": "binutils-aarch64-linux-gnu",
        f"{AARCH64}readelf": "binutils-aarch64-linux-gnu",
        "dtc": "device-tree-compiler",
        "mkimage": "u-boot-tools",
    },
    ("vm_multi", "exynos5422"): {
        **ALWAYS,
        **OVERLAY,
        f"{ARM}g++": "g++-arm-linux-gnueabi",
        f"{ARM}objcopy": "binutils-arm-linux-gnueabi",
        "dtc": "device-tree-compiler",
    },
    ("vm_minimal", "qemu-arm-virt"): {"qemu-system-aarch64": "qemu-system-arm ipxe-qemu"},
    ("minimal", "ia32"): {"g++": "g++", "objcopy": "binutils", "readelf": "binutils"},
    ("zmq_samples", "x86_64"): OVERLAY,
}
CASES = [
    (app, platform, name, package)
    for (app, platform), names in LACKS.items()
    for name, package in names.items()
]


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """The PATH of a host that lacks nothing."""
    return write_host(tmp_path / "bin")


def _doctor(
    world: World, programs: Path, *words: str, cwd: Path, code: ExitCode = ExitCode.ENVIRONMENT
) -> list[dict[str, Any]]:
    done = world.having(PATH=str(programs)).run("doctor", *words, "--json", cwd=cwd)
    assert done.exit_code == code, done
    found = done.object("doctor")["findings"]
    assert isinstance(found, list)
    return [each for each in found if not each["found"] and each["phase"] != "advice"]


@pytest.mark.parametrize(("app", "platform"), LACKS)
def test_a_host_that_has_all_lacks_nothing(
    world: World, tmp_path: Path, programs: Path, app: str, platform: str
) -> None:
    words = ("--app", app, "--platform", platform)
    assert _doctor(world, programs, *words, cwd=tmp_path, code=ExitCode.OK) == []


@pytest.mark.parametrize(("app", "platform", "name", "package"), CASES)
def test_each_tool_that_is_hidden_is_named_alone_with_its_command(
    world: World, tmp_path: Path, programs: Path, app: str, platform: str, name: str, package: str
) -> None:
    (programs / name).unlink()
    lacking = _doctor(world, programs, "--app", app, "--platform", platform, cwd=tmp_path)
    assert [each["what"] for each in lacking][:1] == [_named(name)]
    if name == "python3":  # what is in it cannot be there either
        others = ["Python packages of CAmkES and seL4", "libarchive"]
        assert [each["what"] for each in lacking[1:]] == others
    else:
        assert len(lacking) == 1, lacking
    assert f"apt-get install --no-install-recommends {package}`" in lacking[0]["cure"]
    assert lacking[0]["packages"]["apt"] == package.split()
    assert lacking[0]["why"]


def _named(name: str) -> str:
    return "parse-capDL, or stack to build it" if name == "stack" else name


@pytest.mark.parametrize(
    ("app", "platform", "compiler", "package"),
    [
        ("vm_minimal", "tx2", f"{AARCH64}gcc", "gcc-aarch64-linux-gnu"),
        ("vm_minimal", "tk1", f"{ARM}gcc", "gcc-arm-linux-gnueabi"),
        ("minimal_64", "x86_64", "gcc", "gcc"),
    ],
)
def test_a_hidden_compiler_is_named_alone(
    world: World,
    tmp_path: Path,
    programs: Path,
    app: str,
    platform: str,
    compiler: str,
    package: str,
) -> None:
    (programs / compiler).unlink()
    (lack,) = _doctor(world, programs, "--app", app, "--platform", platform, cwd=tmp_path)
    assert lack["what"].startswith("compiler for ")
    assert compiler in lack["detail"]
    assert lack["packages"]["apt"] == [package]


def test_a_linker_without_32_bit_libgcc_is_told_of_with_debians_way_around_multilib(
    world: World, tmp_path: Path, programs: Path
) -> None:
    says = "echo '/usr/bin/ld: cannot find -lgcc: No such file or directory'; exit 1"
    write_program(
        programs / "gcc",
        f'case "$*" in *--version*) echo "gcc (Acme) 13.1.0";; *-lgcc*) {says};; esac',
    )
    (lack,) = _doctor(world, programs, "--app", "minimal", cwd=tmp_path)
    assert "cannot find -lgcc" in lack["detail"]
    assert lack["packages"]["apt"] == ["lib32gcc-13-dev"]
    assert "multilib" not in lack["cure"]
    assert lack["packages"]["dnf"] == ["libgcc.i686"]


def test_an_assembler_without_banked_registers_is_told_of(
    world: World, tmp_path: Path, programs: Path
) -> None:
    write_program(
        programs / f"{ARM}gcc",
        'case "$*" in *--version*) echo "gcc (Acme) 4.6";; *.S*) '
        'echo "probe.S:2: Error: Banked registers are not available with this architecture.";'
        " exit 1;; esac",
    )
    (lack,) = _doctor(world, programs, "--app", "vm_minimal", "--platform", "tk1", cwd=tmp_path)
    assert "Banked registers are not available" in lack["detail"]


def test_a_qemu_that_is_too_old_is_told_with_its_version(
    world: World, tmp_path: Path, programs: Path
) -> None:
    write_program(programs / "qemu-system-aarch64", 'echo "QEMU emulator version 2.11.1"')
    words = ("--app", "vm_minimal", "--platform", "qemu-arm-virt")
    (lack,) = _doctor(world, programs, *words, cwd=tmp_path)
    assert lack["what"] == "qemu-system-aarch64"
    assert "is version 2.11.1, not >= 3.1" in lack["detail"]
    done = _doctor(
        world, programs, *words, "-D", "QEMU_DTB=/some/file", cwd=tmp_path, code=ExitCode.OK
    )
    assert done == []  # a device tree of the user's needs no QEMU, and booting takes any


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("dnf", "dnf install dtc"),
        ("pacman", "pacman --sync --needed dtc"),
        ("brew", "brew install dtc"),
        ("nix", "nix profile install 'nixpkgs#dtc'"),
    ],
)
def test_the_command_is_that_of_the_hosts_own_package_manager(
    world: World, tmp_path: Path, programs: Path, manager: str, line: str
) -> None:
    for name in ("apt-get", "dtc"):
        (programs / name).unlink()
    write_program(programs / manager, "exit 0")
    (lack,) = _doctor(world, programs, "--app", "vm_minimal", "--platform", "tk1", cwd=tmp_path)
    assert line in lack["cure"]


def test_a_library_that_python_does_not_find_is_named(
    world: World, tmp_path: Path, programs: Path
) -> None:
    python = (programs / "python3").read_text()
    says = 'case "$*" in *CDLL*) echo "the library was not found"; exit 1;; esac\n'
    write_program(programs / "python3", says + python)
    (lack,) = _doctor(world, programs, "--app", "vm_minimal", "--platform", "tk1", cwd=tmp_path)
    assert lack["what"] == "libarchive"
    assert "the library was not found" in lack["detail"]
    assert lack["packages"]["apt"] == ["libarchive13"]


def test_python_packages_that_lack_are_named(world: World, tmp_path: Path, programs: Path) -> None:
    write_program(
        programs / "python3",
        'case "$1" in --version) echo Python 3.11.7;; *) '
        'echo \'{"missing": ["pyfdt", "plyplus"], "path": []}\';; esac',
    )
    (lack,) = _doctor(world, programs, "--app", "vm_minimal", "--platform", "tk1", cwd=tmp_path)
    assert lack["detail"] == "`python3` lacks pyfdt, plyplus"
    assert "sel4build tools install" in lack["cure"]


@pytest.mark.parametrize(("words", "environ"), [(("--yes",), {}), ((), {"CI": "true"})])
def test_fix_runs_the_command_and_looks_again(
    world: World, tmp_path: Path, programs: Path, words: tuple[str, ...], environ: dict[str, str]
) -> None:
    (programs / "dtc").unlink()
    write_program(
        programs / "apt-get",
        f'echo "$@" >> {tmp_path}/calls\nprintf "#!/bin/sh\\n" > {programs}/dtc\n'
        f"/bin/chmod +x {programs}/dtc",
    )
    for name in ("env", "sudo"):  # `env NAME=VALUE apt-get ...`, after `sudo -n` for most users
        write_program(
            programs / name,
            'while :; do case "$1" in -n|*=*) shift;; *) break;; esac; done; exec "$@"',
        )
    fix = ("doctor", "--app", "vm_minimal", "--platform", "tk1", "--fix", *words)
    done = world.having(PATH=str(programs), **environ).run(*fix, cwd=tmp_path)
    assert done.exit_code == ExitCode.OK, done
    assert "apt-get install --no-install-recommends device-tree-compiler`" in done.stderr
    assert f"found    dtc: {programs}/dtc" in done.stdout
    assert "device-tree-compiler" in (tmp_path / "calls").read_text()


def test_fix_goes_on_with_what_only_the_compiler_makes_known(
    world: World, tmp_path: Path, programs: Path
) -> None:
    compiler, cxx = programs / f"{ARM}gcc", programs / f"{ARM}g++"
    kept = tmp_path / "kept"
    compiler.rename(kept)
    cxx.unlink()
    write_program(
        programs / "apt-get",
        f'case "$*" in *" gcc-arm"*) /bin/cp {kept} {compiler};; esac\n'
        f'case "$*" in *" g++-arm"*) /bin/cp {kept} {cxx};; esac',
    )
    for name in ("env", "sudo"):
        write_program(
            programs / name,
            'while :; do case "$1" in -n|*=*) shift;; *) break;; esac; done; exec "$@"',
        )
    fix = ("doctor", "vm_multi@exynos5422", "--fix", "--yes")
    done = world.having(PATH=str(programs)).run(*fix, cwd=tmp_path)
    assert done.exit_code == ExitCode.OK, done
    assert f"found    {ARM}g++: {cxx}" in done.stdout


def test_outside_of_a_workspace_an_id_is_what_it_says(
    world: World, tmp_path: Path, programs: Path
) -> None:
    (programs / "mkimage").unlink()
    (lack,) = _doctor(world, programs, "vm_minimal@tx2+n4", cwd=tmp_path)
    assert (lack["what"], lack["targets"]) == ("mkimage", ["vm_minimal@tx2+n4"])
    world.run("doctor", "nothing@tx2", cwd=tmp_path).failed(ExitCode.INVALID, "`nothing`")
    world.run("doctor", "nothing", cwd=tmp_path).failed(ExitCode.INVALID, "`nothing`")
    done = world.run("doctor", "vm_minimal@tx2+0123abcd", cwd=tmp_path)
    done.failed(ExitCode.INVALID, "only known in its workspace")


def test_a_name_that_is_no_app_is_refused(world: World, tmp_path: Path) -> None:
    world.run("doctor", "--app", "nothing", cwd=tmp_path).failed(ExitCode.INVALID, "`nothing`")
    world.run("doctor", "--platform", "tk1", cwd=tmp_path).failed(ExitCode.INVALID, "app")
    done = world.run("doctor", "a@b", "--app", "nothing", cwd=tmp_path)
    done.failed(ExitCode.USAGE, "not by both")


def test_init_stops_before_anything_is_fetched(
    world: World, tmp_path: Path, programs: Path
) -> None:
    (programs / "xmllint").unlink()
    place = tmp_path / "w"
    place.mkdir()
    words = ("init", "--app", "vm_minimal", "--platform", "tk1")
    done = world.having(PATH=str(programs)).run(*words, cwd=place)
    done.failed(ExitCode.ENVIRONMENT, "`xmllint`")
    assert "libxml2-utils" in done.stderr
    assert "`sel4build doctor --app vm_minimal --platform tk1 --fix`" in done.stderr
    assert list(place.iterdir()) == []


@pytest.mark.tools
@pytest.mark.timeout(120)
@pytest.mark.parametrize("command", ["build", "configure", "package"])
def test_a_build_asks_the_doctor_first(
    world: World, built: Path, tmp_path: Path, command: str
) -> None:
    lacking = world.having(PATH=str(bin_folder(tmp_path / "bin", without=("git",))))
    done = lacking.run(command, cwd=built)
    done.failed(ExitCode.ENVIRONMENT, "`git`")
    assert "`sel4build doctor bringup@qemu-arm-virt --fix`" in done.stderr
    lacking.run(command, "--no-doctor", cwd=built).ok()
    found = lacking.run("doctor", "bringup", cwd=built)
    assert found.exit_code == ExitCode.ENVIRONMENT
    assert "missing  git: not found, needed to fetch sources" in found.stdout


def test_what_was_seen_to_work_is_not_looked_at_again_until_it_changes(
    world: World, tmp_path: Path, programs: Path
) -> None:
    counted = tmp_path / "count"
    body = f'case "$1" in --version) echo 1 >> {counted}; echo "Python 3.11.7";; esac'
    write_program(programs / "python3", body)
    place = tmp_path / "w"
    place.mkdir()
    (programs / "git").unlink()  # the end of each try, before anything is made
    hosts = world.having(PATH=str(programs), XDG_CACHE_HOME=str(tmp_path / "cache"))
    for num_looks, change in ((1, False), (1, False), (2, True)):
        if change:
            write_program(programs / "python3", f"{body}\n# another")
        hosts.run("init", "--app", "vm_minimal", "--platform", "tk1", cwd=place).failed(
            ExitCode.ENVIRONMENT, "`git`"
        )
        assert counted.read_text().count("1") == num_looks
