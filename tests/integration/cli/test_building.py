# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`configure`, `build`, `package`, `clean`, and the same by hand."""

import hashlib
import json
import shlex
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import IMAGE, TARGET, World, program

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]


def test_a_package_holds_the_image_its_checksum_and_how_to_boot(world: World, built: Path) -> None:
    done = world.run("package", cwd=built).ok()
    out = built / "out" / TARGET
    size = (out / IMAGE).stat().st_size
    assert done.stdout == f"{TARGET}: {IMAGE} (elf, {size} bytes) in {out}\n"
    names = sorted(each.name for each in out.iterdir())
    assert names == ["BOOT.md", "SHA256SUMS", IMAGE, "target.json"]
    world.shell("sha256sum --check --strict SHA256SUMS", cwd=out)
    record = json.loads((out / "target.json").read_text())
    assert record["target"] == TARGET


def test_a_start_of_a_name_is_enough(world: World, built: Path) -> None:
    done = world.run("configure", "bringup@qemu", cwd=built / "projects").ok()
    assert done.stdout == f"{TARGET}: configured in {built}/build/{TARGET}\n"


def test_a_target_that_is_not_there_is_named_with_those_that_are(world: World, built: Path) -> None:
    done = world.run("build", "other", cwd=built)
    done.failed(ExitCode.INVALID, "`other`")
    assert f"`{TARGET}`" in done.stderr


@pytest.mark.parametrize(
    "command",
    ["sync", "lock", "configure", "build", "package", "boot", "explain", "status", "clean"],
)
def test_a_command_outside_of_a_workspace_is_refused(
    world: World, tmp_path: Path, command: str
) -> None:
    world.run(command, cwd=tmp_path).failed(ExitCode.INVALID, f"`{tmp_path}`", "not in a workspace")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("list", "targets"), ("doctor",)])
def test_a_workspace_that_is_asked_for_has_to_be_there(
    world: World, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = world.run(*words, "-C", "nowhere", cwd=tmp_path)
    done.failed(ExitCode.INVALID, f"`{tmp_path}/nowhere`")


def test_clean_removes_what_was_made_and_nothing_else(world: World, built: Path) -> None:
    digest = _digest(built)
    done = world.run("clean", "--json", cwd=built).ok()
    folders = [str(built / kind / TARGET) for kind in ("build", "out")]
    assert done.object("clean")["removed"] == folders
    assert list((built / "build").iterdir()) == list((built / "out").iterdir()) == []
    assert world.run("clean", "--all", cwd=built).ok().stdout == "nothing to remove\n"
    state = world.run("status", "--json", cwd=built).ok().object("status")
    assert state["projects"][0]["state"] == "locked"
    assert state["targets"] == [{"target": TARGET, "configured": False, "packaged": False}]
    world.run("build", cwd=built).ok()
    assert _digest(built) == digest


def test_the_commands_of_explain_build_the_same_image_in_an_empty_folder(
    world: World, tmp_path: Path, built: Path
) -> None:
    explained = world.run("explain", "--json", cwd=built).ok().object("explain")
    commands = "\n".join(explained["targets"][0]["commands"])
    old, new = str(built / "build" / TARGET), str(tmp_path / "by hand")
    # The same commands for another folder: what is in the workspace's is not to help.
    quoted = commands.replace(old, f"'{new}'").replace(f"'{new}'/initial", f"'{new}/initial'")
    world.shell(quoted, cwd=tmp_path)
    assert _sha256(tmp_path / "by hand" / "images" / IMAGE) == _digest(built)


def test_the_commands_of_explain_can_be_pasted_as_they_are(world: World, built: Path) -> None:
    text = world.run("explain", cwd=built).ok().stdout
    commands = text[text.index("mkdir -p") :]
    assert "ninja: no work to do." in world.shell(commands, cwd=Path("/"))
    follow_up = commands.rpartition("# both, and the package: ")[2]
    assert "checksum" not in world.shell(follow_up, cwd=Path("/"))


def test_explain_tells_who_says_what(world: World, built: Path) -> None:
    explained = world.run("explain", "--json", cwd=built).ok().object("explain")
    (target,) = explained["targets"]
    settings = {each["name"]: each for each in target["settings"]}
    assert target["is-configured"]
    assert settings["PLATFORM"]["source"] == "app bringup"
    assert settings["AARCH64"]["who"] == "platform"
    assert settings["AARCH64"]["source"] == "platform qemu-arm-virt"
    script = "projects/bringup/settings.cmake"
    number = 1 + (built / script).read_text().partition("set(KernelMaxNumNodes")[0].count("\n")
    assert settings["KernelMaxNumNodes"] == {
        "name": "KernelMaxNumNodes",
        "value": "1",
        "who": "forced",
        "source": "the sources, whatever is asked",
        "place": f"{script}:{number}",
        "overridden": [],
        "hidden-by": [],
        "internal": False,
    }
    assert target["toolchain"]["name"] == "gcc"
    assert target["second-pass"]["is-stable"]


def test_explain_shows_settings_by_name(world: World, built: Path) -> None:
    text = world.run("explain", "--setting", "maxnumnodes", cwd=built).ok().stdout
    assert text.splitlines()[0] == f"{TARGET}, as CMake has it"
    assert "KernelMaxNumNodes = 1  (projects/bringup/settings.cmake:" in text
    assert "PLATFORM" not in text
    assert "mkdir" not in text
    none = world.run("explain", "--setting", "nonsense", cwd=built).ok().stdout
    assert "no setting is called so" in none


def test_explain_foretells_a_target_that_is_not_there(
    world: World, built: Path, tmp_path: Path
) -> None:
    words = ("explain", "--app", "bringup", "--platform", "tx1", "--num-nodes", "2")
    before = (built / "sel4build.toml").read_bytes()
    found = world.run(*words, "--json", cwd=built).ok().object("explain")["targets"][0]
    assert (found["target"], found["is-configured"]) == ("bringup@tx1+n2", False)
    assert found["build-dir"] == f"{built}/build/bringup@tx1+n2"
    assert found["commands"]
    assert (built / "sel4build.toml").read_bytes() == before
    assert not list((built / ".sel4build" / "plan").glob("*tx1*"))

    outside = world.run(*words, cwd=tmp_path).ok().stdout
    assert outside.startswith("bringup@tx1+n2, not configured: as it will be by the catalogue\n")
    assert "NUM_NODES = 2" in outside


@pytest.mark.parametrize(
    ("words", "code", "naming"),
    [
        (("--platform", "tx1"), ExitCode.USAGE, "`--app`"),
        (("bringup", "--app", "bringup"), ExitCode.USAGE, "not by both"),
        (("--app", "vm_serial_server", "--platform", "tx2"), ExitCode.INVALID, "vm_serial_server"),
    ],
)
def test_what_explain_cannot_explain_is_told(
    words: tuple[str, ...], code: ExitCode, naming: str, world: World, built: Path
) -> None:
    world.run("explain", *words, cwd=built).failed(code, naming)


def test_ninja_by_hand_makes_the_package(world: World, built: Path) -> None:
    image = built / "out" / TARGET / IMAGE
    digest = _sha256(image)
    image.unlink()
    world.shell(f"ninja -f .sel4build/build.ninja {TARGET}/package", cwd=built)
    assert _sha256(image) == digest


def test_ninja_by_hand_writes_the_graph_anew_when_the_wishes_change(
    world: World, built: Path
) -> None:
    spec = built / "sel4build.toml"
    text = spec.read_text()
    spec.write_text(text + '\n[[target]]\napp = "bringup"\nplatform = "tx1"\n')
    try:
        world.shell("ninja -f .sel4build/build.ninja bringup@tx1/configure", cwd=built)
        assert (built / "build" / "bringup@tx1" / "build.ninja").is_file()
    finally:
        spec.write_text(text)
    world.run("build", cwd=built).ok()


def test_ninja_inside_the_build_tree_compiles(world: World, built: Path) -> None:
    (built / "projects" / "bringup" / "src" / "console.c").touch()
    assert "images/" in world.shell(f"cd build/{TARGET} && ninja", cwd=built).replace(
        "image bringup", "images/"
    )
    assert "no work to do" in world.shell(f"cd build/{TARGET} && ninja", cwd=built)


def test_an_error_of_the_compiler_is_quoted_with_its_log(world: World, built: Path) -> None:
    source = built / "projects" / "bringup" / "src" / "console.c"
    text = source.read_text()
    source.write_text(text + "\nthis is not C;\n")
    try:
        done = world.run("build", cwd=built)
    finally:
        source.write_text(text)
    done.failed(ExitCode.FAILED, f"`{TARGET}`")
    assert "console.c" in done.stderr
    log = Path(done.stderr.rpartition("log: ")[2].strip())
    assert "this is not C" in log.read_text()
    world.run("build", cwd=built).ok()


def test_an_error_of_cmake_is_quoted_with_its_log(world: World, built: Path) -> None:
    settings = built / "projects" / "bringup" / "settings.cmake"
    text = settings.read_text()
    settings.write_text(text + '\nmessage(FATAL_ERROR "this far")\n')
    world.run("clean", cwd=built).ok()
    try:
        done = world.run("configure", cwd=built)
    finally:
        settings.write_text(text)
    done.failed(ExitCode.FAILED, f"`{TARGET}`", "cmake")
    assert "this far" in done.stderr
    assert f"{TARGET}-configure.log" in done.stderr
    world.run("build", cwd=built).ok()


def test_a_step_started_by_hand_does_the_same_and_prints_its_error(
    world: World, built: Path
) -> None:
    assert world.spawn("step", "configure", TARGET, cwd=built).ok().stdout == ""
    for words, naming in (
        (("build",), "`build` needs a target"),
        (("explode", TARGET), "no step `explode`"),
    ):
        world.spawn("step", *words, cwd=built).failed(ExitCode.INVALID, naming)
    world.spawn("step", "package", "other", cwd=built).failed(ExitCode.FAILED, "other.json")


def test_the_program_is_started_by_its_module(world: World, built: Path) -> None:
    assert world.shell(shlex.join((*program("build"), "-q")), cwd=built) == ""


def _digest(built: Path) -> str:
    return _sha256(built / "out" / TARGET / IMAGE)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
