# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Looking for one tool: by name, by version, by what a compiler makes of a few lines."""

from pathlib import Path

import pytest

from sel4build.catalog.host import load_host_data
from sel4build.configure import examining
from sel4build.configure.examining import ExaminedHost, examine_tool, examine_trap, toolchain_words
from sel4build.configure.recollection import Recollection
from sel4build.model.host import HostTool, Probe, ProbeLanguage, Trap
from sel4build.process import SubprocessRunner
from tests.kit.configurations import a_chosen_toolchain, write_program

DATA = load_host_data()


def host(folder: Path, *, path: str | None = None, remembers: bool = False) -> ExaminedHost:
    return ExaminedHost(
        data=DATA,
        environ={"PATH": path or str(folder)},
        runner=SubprocessRunner(),
        recollection=Recollection(folder=folder / "seen" if remembers else None),
        manager=next(each for each in DATA.managers if each.name == "apt"),
        is_root=False,
    )


def test_any_of_several_programs_will_do(tmp_path: Path) -> None:
    tool = HostTool(name="t", summary="s", programs=("one", "two"), packages=("p",))
    lack = examine_tool(tool, {}, host(tmp_path))
    assert lack is not None
    assert lack.detail == "`one` not found; `two` not found"
    assert lack.cure == "run `sudo apt-get install --no-install-recommends p`"
    write_program(tmp_path / "two", "")
    found = examine_tool(tool, {}, host(tmp_path))
    assert found is not None
    assert found.found


@pytest.mark.parametrize(
    ("version", "is_found"), [("3.0.9", False), ("3.1", True), ("4.3", True), ("4.4.1", False)]
)
def test_a_version_has_to_fit(tmp_path: Path, version: str, is_found: bool) -> None:  # noqa: FBT001
    write_program(tmp_path / "prog", f"echo prog {version}")
    tool = HostTool(name="t", summary="s", programs=("prog",), minimum="3.1", below="4.4")
    finding = examine_tool(tool, {}, host(tmp_path))
    assert finding is not None
    assert (finding.found, version in finding.detail) == (is_found, True)
    assert is_found or "not >= 3.1 and < 4.4" in finding.detail


def test_a_program_that_does_not_run_is_no_program(tmp_path: Path) -> None:
    write_program(tmp_path / "prog", "exit 1")
    tool = HostTool(name="t", summary="s", programs=("prog",), minimum="1.0")
    finding = examine_tool(tool, {}, host(tmp_path))
    assert finding is not None
    assert "does not run" in finding.detail


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 1", "it ended with status 1"),
        ("exit 126", "it ended with status 126"),
        ("echo 'error while loading shared libraries'; exit 127", ": error while loading"),
        ("kill -9 $$", "it was ended by SIGKILL"),
    ],
)
def test_a_program_without_a_sign_of_life_is_not_there(
    tmp_path: Path, script: str, why: str
) -> None:
    write_program(tmp_path / "prog", script)
    tool = HostTool(name="t", summary="s", programs=("prog",), packages=("p",))
    finding = examine_tool(tool, {}, host(tmp_path))
    assert finding is not None
    assert not finding.found
    assert f"`{tmp_path / 'prog'}` does not run" in finding.detail
    assert why in finding.detail


@pytest.mark.parametrize(("header", "packages"), [("sys/eventfd.h", True), ("asm/errno.h", False)])
def test_headers_that_no_package_brings_have_the_cure_of_their_own(
    tmp_path: Path,
    header: str,
    packages: bool,  # noqa: FBT001
) -> None:
    write_program(tmp_path / "g++", f"echo 'a.h:1: fatal error: {header}: No such file'; exit 1")
    chosen = a_chosen_toolchain()
    words = {**toolchain_words(chosen, chosen.toolchain.archs[0]), "cxx": "g++"}
    finding = examine_tool(DATA.tools["links-i386-cxx"], words, host(tmp_path))
    assert finding is not None
    assert not finding.found
    assert bool(finding.packages) is packages
    assert ("ln -s x86_64-linux-gnu/asm" in (finding.cure or "")) is not packages


def test_a_program_of_another_machine_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "prog").write_bytes(b"\x7fELF of no machine")
    (tmp_path / "prog").chmod(0o755)
    write_program(tmp_path / "other", "")
    tool = HostTool(name="t", summary="s", programs=("prog", "other"))
    finding = examine_tool(tool, {}, host(tmp_path))
    assert finding is not None
    assert finding.detail == str(tmp_path / "other")


def test_a_program_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "ANSWER_LIMIT_S", 0.2)
    write_program(tmp_path / "prog", "exec sleep 60")
    tool = HostTool(name="t", summary="s", programs=("prog",))
    finding = examine_tool(tool, {}, host(tmp_path, path=f"{tmp_path}:/bin:/usr/bin"))
    assert finding is not None
    assert finding.detail.endswith("does not run: it did not answer within 0.2 s")


def test_a_program_whose_parts_lack_is_told_of_in_its_own_words(tmp_path: Path) -> None:
    says = 'case "$1" in --version) echo prog 7.2;; *) pwd > {}; echo "failed to find romfile"; exit 1;; esac'
    write_program(tmp_path / "prog", says.format(tmp_path / "place"))
    tool = HostTool(
        name="t", summary="s", programs=("prog",), minimum="3.1", trial_argv=("-machine", "virt")
    )
    finding = examine_tool(tool, {}, host(tmp_path))
    assert finding is not None
    assert not finding.found
    assert finding.detail.endswith("ended with status 1: failed to find romfile")
    assert not Path((tmp_path / "place").read_text().strip()).exists()  # what it writes is gone
    write_program(tmp_path / "prog", "echo prog 7.2")
    finding = examine_tool(tool, {}, host(tmp_path))
    assert finding is not None
    assert finding.found


def test_a_program_that_knows_no_version_is_asked_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    write_program(tmp_path / "prog", f"echo asked >> {log}; echo 'illegal option -- -'; exit 1")
    tool = HostTool(name="t", summary="s", programs=("prog",))
    for _ in range(2):
        finding = examine_tool(tool, {}, host(tmp_path, remembers=True))
        assert finding is not None
        assert finding.found
    assert log.read_text() == "asked\n"


def test_what_needs_a_compiler_is_not_told_of_without_one(tmp_path: Path) -> None:
    tool = HostTool(name="t", summary="s", programs=("{cxx}",))
    assert examine_tool(tool, {}, host(tmp_path)) is None
    probe = HostTool(name="t", summary="s", probe=Probe(flags=(), source="int x;"))
    assert examine_tool(probe, {}, host(tmp_path)) is None
    words = {"compiler": "gone-cc", "target-flags": ""}
    assert examine_tool(probe, words, host(tmp_path)) is None


def test_the_words_are_those_of_the_toolchain() -> None:
    words = toolchain_words(a_chosen_toolchain(), None)
    assert words["compiler"] == "/usr/bin/one-cc"
    assert words["gcc-major"] == "1"
    assert toolchain_words(None, None) == {}


@pytest.mark.parametrize("language", list(ProbeLanguage))
def test_a_probe_is_given_to_the_compiler_of_its_language(
    tmp_path: Path, language: ProbeLanguage
) -> None:
    log = tmp_path / "log"
    for name in ("cc", "cxx"):
        write_program(tmp_path / name, f'echo {name} "$@" >> {log}')
    probe = Probe(language=language, flags=("-nostdlib",), source="int x;")
    tool = HostTool(name="t", summary="s", probe=probe)
    words = {"compiler": "cc", "cxx": "cxx", "target-flags": "-m32"}
    finding = examine_tool(tool, words, host(tmp_path, remembers=True))
    assert finding is not None
    assert finding.found
    said = log.read_text().split()
    assert said[0] == ("cxx" if language is ProbeLanguage.CXX else "cc")
    assert said[1:3] == ["-m32", "-nostdlib"]
    assert said[-1] == "-lgcc"
    examine_tool(tool, words, host(tmp_path, remembers=True))
    assert len(log.read_text().splitlines()) == 1
    examine_tool(tool, words, host(tmp_path))
    assert len(log.read_text().splitlines()) == 2


def test_a_probe_that_fails_quotes_the_line_that_tells(tmp_path: Path) -> None:
    write_program(tmp_path / "cc", "echo a warning; echo '/usr/bin/ld: cannot find -lgcc'; exit 1")
    probe = Probe(flags=(), source="int x;", links=False)
    tool = HostTool(name="t", summary="libgcc", probe=probe)
    words = {"compiler": "cc", "target-flags": "", "compiler-package": "gcc-x"}
    finding = examine_tool(tool, words, host(tmp_path))
    assert finding is not None
    assert "says: /usr/bin/ld: cannot find -lgcc" in finding.detail
    assert finding.packages == ("gcc-x",)


TRAP = Trap(
    name="t",
    summary="they do not go together",
    file="lib/source.h",
    lacks="hidden",
    program="{prefix}ld",
    since="2.39",
    toolchains=("gcc",),
    sel4_archs=("aarch64",),
    cure="take another",
    source="https://example.org/1",
)
WORDS = {"compiler": "cc", "prefix": "x-", "toolchain": "gcc"}


@pytest.mark.parametrize(
    ("text", "version", "caught"),
    [
        ("extern FILE *p;", "GNU ld (Acme 1.2) 2.40", True),
        ("extern FILE *p;", "GNU ld (Acme 2.40) 2.38", False),
        ("hidden FILE *p;", "GNU ld (Acme 1.2) 2.40", False),
        (None, "GNU ld (Acme 1.2) 2.40", False),
        ("extern FILE *p;", "no number", False),
    ],
)
def test_sources_and_a_tool_that_do_not_go_together_are_told_of(
    tmp_path: Path,
    text: str | None,
    version: str,
    caught: bool,  # noqa: FBT001
) -> None:
    write_program(tmp_path / "x-ld", f"echo '{version}'")
    (tmp_path / "lib").mkdir()
    if text is not None:
        (tmp_path / "lib" / "source.h").write_text(text)
    finding = examine_trap(TRAP, tmp_path, "aarch64", WORDS, host(tmp_path))
    assert (finding is not None) is caught
    if finding is not None:
        assert finding.what == "x-ld 2.40"
        assert "https://example.org/1" in finding.detail
        assert finding.cure == "take another"


@pytest.mark.parametrize(
    ("arch", "words"),
    [("ia32", WORDS), ("aarch64", {**WORDS, "toolchain": "llvm"}), ("aarch64", {})],
)
def test_a_trap_of_another_arch_or_toolchain_is_none(
    tmp_path: Path, arch: str, words: dict[str, str]
) -> None:
    write_program(tmp_path / "x-ld", "echo GNU ld 2.40")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "source.h").write_text("extern FILE *p;")
    assert examine_trap(TRAP, tmp_path, arch, words, host(tmp_path)) is None
