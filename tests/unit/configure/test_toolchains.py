# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tests of choosing a toolchain, with compilers that are shell scripts on a PATH of the test's."""

import os
import platform
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.configure.recollection import Recollection
from sel4build.configure.toolchains import ToolchainHost, choose_toolchain
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.model.configuration import ChosenToolchain
from sel4build.model.platform import Sel4Arch
from sel4build.model.toolchain import Toolchain, Wrapper
from sel4build.process import SubprocessRunner
from tests.kit.configurations import a_toolchain, write_compiler, write_program
from tests.kit.runner import Answer, FakeRunner


def choose(
    tmp_path: Path, *toolchains: Toolchain, app: str = "demo", wanted: str | None = None
) -> ChosenToolchain:
    host = ToolchainHost(
        environ={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
        cache_dir=tmp_path / "cache",
        runner=SubprocessRunner(),
    )
    return choose_toolchain(
        toolchains or (a_toolchain(),), Sel4Arch.AARCH64, app=app, wanted=wanted, host=host
    )


def refusal(
    tmp_path: Path, *toolchains: Toolchain, app: str = "demo", wanted: str | None = None
) -> EnvironmentLacksError:
    with pytest.raises(EnvironmentLacksError) as raised:
        choose(tmp_path, *toolchains, app=app, wanted=wanted)
    return raised.value


def test_the_first_prefix_that_works_is_taken(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "one-cc", version="one 1.0")
    write_compiler(tmp_path / "bin" / "two-cc")

    chosen = choose(tmp_path)

    assert chosen.candidate == "one-"
    assert chosen.compiler == tmp_path / "bin" / "one-cc"
    assert chosen.version == "one 1.0"
    assert chosen.variables == {"PREFIX": "one-"}


def test_a_prefix_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "two-cc")

    assert choose(tmp_path).candidate == "two-"


def test_toolchains_are_tried_in_their_order(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "two-cc")
    write_compiler(tmp_path / "bin" / "three-cc")
    first = a_toolchain("first", candidates=("none-", "three-"))

    assert choose(tmp_path, first, a_toolchain("second")).toolchain.name == "first"


def test_the_probe_is_compiled_with_the_flags_of_the_architecture(tmp_path: Path) -> None:
    runner = FakeRunner({"one-cc": Answer(output="one 1.0\n")})
    write_program(tmp_path / "one-cc", "")
    host = ToolchainHost(environ={"PATH": str(tmp_path)}, cache_dir=tmp_path, runner=runner)

    choose_toolchain((a_toolchain(),), Sel4Arch.AARCH64, app="demo", wanted=None, host=host)

    assert [command.argv[1:] for command in runner.commands] == [
        ("--version",),
        ("-mflag=one-", "-ffreestanding", "-c", "-o", "probe.o", "probe.c"),
    ]


def test_every_reason_is_told_when_nothing_works(tmp_path: Path) -> None:
    bin_dir = tmp_path / "bin"
    write_compiler(bin_dir / "wrong-cc", right_machine=False)
    write_program(bin_dir / "mute-cc", "exit 0")
    write_program(bin_dir / "broken-cc", 'echo; echo "  cannot find libm  "; exit 3')
    write_program(bin_dir / "loud-cc", '[ "$1" = --version ] && echo 1 || { echo no; exit 1; }')
    write_program(bin_dir / "lost-cc", "").write_text("#!/no/such/interpreter\n")
    write_program(bin_dir / "plain-cc", "").chmod(0o644)
    (bin_dir / "dead-cc").symlink_to("../gone")
    names = ("wrong-", "mute-", "broken-", "loud-", "lost-", "plain-", "dead-", "no-")

    error = refusal(tmp_path, a_toolchain(candidates=names), a_toolchain("b", candidates=("x-",)))

    assert error.message == "no compiler for aarch64 works on this host"
    assert error.details == (
        f"fake: `{bin_dir}/wrong-cc` does not make aarch64 code",
        f"fake: `{bin_dir}/mute-cc` does not tell its version",
        f"fake: `{bin_dir}/broken-cc` ended with status 3: cannot find libm",
        f"fake: `{bin_dir}/loud-cc` ended with status 1: no",
        f"fake: program `{bin_dir}/lost-cc` cannot be started: its interpreter was not found",
        f"fake: `{bin_dir}/plain-cc` cannot be run",
        f"fake: `{bin_dir}/dead-cc` is a dead link to `../gone`",
        "fake: `no-cc` was not found",
        "b: `x-cc` was not found",
    )
    assert error.hint == "run `apt-get install fake-compilers`"


def test_a_dead_link_does_not_hide_the_compiler_behind_it_on_path(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "one-cc").symlink_to("gone")
    host = ToolchainHost(
        environ={"PATH": f"{tmp_path}/bin:{tmp_path}/more:{os.environ['PATH']}"},
        cache_dir=tmp_path,
        runner=SubprocessRunner(),
    )
    behind = write_compiler(tmp_path / "more" / "one-cc")

    chosen = choose_toolchain(
        (a_toolchain(),), Sel4Arch.AARCH64, app="demo", wanted=None, host=host
    )

    assert chosen.compiler == behind


def test_a_compiler_that_does_not_end_is_told(tmp_path: Path) -> None:
    write_program(tmp_path / "one-cc", "")
    runner = FakeRunner({"one-cc": Answer(timed_out=True)})
    host = ToolchainHost(environ={"PATH": str(tmp_path)}, cache_dir=tmp_path, runner=runner)

    with pytest.raises(EnvironmentLacksError) as raised:
        choose_toolchain((a_toolchain(),), Sel4Arch.AARCH64, app="demo", wanted=None, host=host)

    assert raised.value.details[0].endswith("one-cc` did not answer within 5 s")


def test_a_compiler_without_its_linker_is_passed_over(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")
    write_compiler(tmp_path / "bin" / "two-cc")
    write_program(tmp_path / "bin" / "two-ld", "")

    assert choose(tmp_path, a_toolchain(tools=("{candidate}ld",))).candidate == "two-"


def test_a_toolchain_for_other_architectures_says_so(tmp_path: Path) -> None:
    error = refusal(tmp_path, a_toolchain(sel4_arch=Sel4Arch.IA32))

    assert error.details == ("fake: does not make code for aarch64",)
    assert error.hint is None


def test_no_package_is_recommended_where_none_is_known(tmp_path: Path) -> None:
    assert refusal(tmp_path, a_toolchain(debian_package=None)).hint is None


def test_a_toolchain_that_cannot_build_the_app_is_not_considered(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")

    error = refusal(tmp_path, a_toolchain(apps=("other",)), app="demo")

    assert error.details == ()


def test_a_toolchain_that_was_asked_for_is_taken_for_any_app(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")
    toolchain = a_toolchain("special", apps=("other",))

    assert choose(tmp_path, toolchain, wanted="special").toolchain.name == "special"


def test_no_other_toolchain_stands_in_for_the_one_asked_for(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")
    wanted = a_toolchain("wanted", candidates=("no-",))

    error = refusal(tmp_path, a_toolchain("other"), wanted, wanted="wanted")

    assert error.details == ("wanted: `no-cc` was not found",)


@pytest.mark.parametrize("wanted", ["gcc:other-", "other-"])
def test_one_prefix_may_be_asked_for_whether_it_is_a_candidate_or_not(
    tmp_path: Path, wanted: str
) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")
    write_compiler(tmp_path / "bin" / "other-cc")

    assert choose(tmp_path, a_toolchain("gcc"), wanted=wanted).candidate == "other-"


def test_a_prefix_with_a_folder_is_taken_from_there(tmp_path: Path) -> None:
    write_compiler(tmp_path / "opt" / "one-cc")
    prefix = f"{tmp_path / 'opt'}/one-"

    chosen = choose(tmp_path, a_toolchain("gcc"), wanted=f"gcc:{prefix}")

    assert chosen.variables == {"PREFIX": prefix}


def test_no_other_prefix_stands_in_for_the_one_asked_for(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "one-cc")

    error = refusal(tmp_path, a_toolchain("gcc"), wanted="gcc:no-")

    assert error.details == ("gcc: `no-cc` was not found",)


def test_an_unknown_toolchain_is_refused_with_the_known_names(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        choose(tmp_path, a_toolchain("gcc"), a_toolchain("llvm"), wanted="icc")

    assert raised.value.message == "toolchain `icc` is not in the catalogue"
    assert raised.value.hint == "choose one of `gcc`, `llvm`"


def test_the_hosts_own_compiler_is_tried_on_its_own_machines_only(tmp_path: Path) -> None:
    write_compiler(tmp_path / "bin" / "cc")
    ours = a_toolchain(candidates=("",), native_machines=(platform.machine(),))
    others = replace(a_toolchain(candidates=("",), native_machines=("pdp11", "vax")), name="x")

    assert choose(tmp_path, ours).candidate == ""
    assert refusal(tmp_path, others).details == ("x: this host is no pdp11 or vax machine",)


def test_the_fingerprint_tells_compilers_apart_but_not_their_folders(tmp_path: Path) -> None:
    write_compiler(tmp_path / "a" / "bin" / "one-cc", version="one 1.0")
    write_compiler(tmp_path / "b" / "c" / "bin" / "one-cc", version="one 1.0")
    write_compiler(tmp_path / "d" / "bin" / "one-cc", version="one 1.1")

    first = choose(tmp_path / "a").fingerprint

    assert choose(tmp_path / "b" / "c").fingerprint == first
    assert choose(tmp_path / "d").fingerprint != first


def a_packaged_toolchain(package: str) -> Toolchain:
    return replace(
        a_toolchain("packaged", candidates=("a-triple",)),
        compiler="{dir}/cc",
        python_package=package,
        executable="bin/tool",
        wrappers=(
            Wrapper(name="cc", argv=("{exe}", "cc", "--target={triple}", "-I{home}/lib")),
            Wrapper(name="ld", argv=("{exe}", "ld")),
        ),
        variables={"COMPILER": "{dir}/cc", "TRIPLE": "{candidate}"},
    )


def install_package(site: Path, name: str) -> Path:
    """Install a Python package with a compiler that is called as `tool cc --target=...`."""
    (site / name).mkdir(parents=True)
    (site / name / "__init__.py").write_text("")
    body = 'echo "$*" >> "$0.calls"; shift 3; case "$1" in --version) echo "tool 2.0";; esac'
    return write_program(site / name / "bin" / "tool", body)


def test_a_compiler_inside_a_python_package_gets_wrappers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "it's a site"
    tool = install_package(site, "fakecc_one")
    monkeypatch.syspath_prepend(site)

    chosen = choose(tmp_path, a_packaged_toolchain("fakecc_one"))

    assert chosen.version == "tool 2.0"
    assert chosen.compiler.name == "cc"
    assert chosen.compiler.is_relative_to(tmp_path / "cache")
    assert chosen.variables == {"COMPILER": str(chosen.compiler), "TRIPLE": "a-triple"}
    assert (chosen.compiler.parent / "ld").is_file()
    calls = Path(f"{tool}.calls").read_text().splitlines()
    assert calls[0] == f"cc --target=a-triple -I{tool.parent}/lib --version"
    assert calls[1].endswith("-mflag=a-triple -ffreestanding -c -o probe.o probe.c")


def test_two_installations_of_one_package_do_not_share_wrappers_but_a_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = []
    for site in (tmp_path / "a", tmp_path / "a longer folder"):
        install_package(site, "fakecc_two")
        with monkeypatch.context() as patch:
            patch.syspath_prepend(site)
            chosen.append(choose(tmp_path, a_packaged_toolchain("fakecc_two")))

    first, second = chosen
    assert first.compiler != second.compiler
    assert first.fingerprint == second.fingerprint


def test_a_package_that_is_not_installed_is_told(tmp_path: Path) -> None:
    error = refusal(tmp_path, a_packaged_toolchain("no_such_package"))

    assert error.details == ("packaged: Python package `no_such_package` is not installed",)


def test_a_package_below_one_that_is_not_installed_is_told(tmp_path: Path) -> None:
    error = refusal(tmp_path, a_packaged_toolchain("no_such_package.inner"))

    assert error.details == ("packaged: Python package `no_such_package.inner` is not installed",)


def test_a_package_without_its_program_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_package(tmp_path, "fakecc_three").unlink()
    monkeypatch.syspath_prepend(tmp_path)

    error = refusal(tmp_path, a_packaged_toolchain("fakecc_three"))

    assert error.details == (f"packaged: `{tmp_path}/fakecc_three/bin/tool` cannot be run",)


def test_a_compiler_that_was_seen_to_work_compiles_again_only_when_it_changed(
    tmp_path: Path,
) -> None:
    compiler = tmp_path / "bin" / "one-cc"
    log = tmp_path / "log"
    host = ToolchainHost(
        environ={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
        cache_dir=tmp_path,
        runner=SubprocessRunner(),
        recollection=Recollection(folder=tmp_path / "seen"),
    )
    body = f'case "$1" in --version) echo fake 1.0;; *) echo >> {log};; esac'
    for text, num_compiles in ((body, 1), (body, 1), (f"{body}\n# changed", 2)):
        if not compiler.exists() or text != body:
            write_program(compiler, text)
        chosen = choose_toolchain(
            (a_toolchain(),), Sel4Arch.AARCH64, app="demo", wanted=None, host=host
        )
        assert chosen.compiler == compiler
        assert len(log.read_text().splitlines()) == num_compiles
