# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`init`, `sync` and `lock`, with real git, cmake and compilers."""

import shutil
import tomllib
from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, IMAGE, TARGET, World
from tests.kit.configurations import write_program

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]


def test_init_in_an_empty_folder_sets_up_all_and_says_what_is_next(
    world: World, tmp_path: Path
) -> None:
    done = world.run("init", *BRINGUP, cwd=tmp_path).ok()
    assert done.stdout == (
        f"{TARGET} is configured in {tmp_path}/build/{TARGET}\nnext: sel4build build\n"
    )
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        *(".gitdirs", ".sel4build", "build", "easy-settings.cmake"),
        *("projects", "sel4build.lock", "sel4build.toml"),
    ]
    spec = tomllib.loads((tmp_path / "sel4build.toml").read_text())
    assert spec["manifest"] == {"name": "bringup"}
    assert spec["target"] == [{"app": "bringup", "platform": "qemu-arm-virt"}]
    lock = tomllib.loads((tmp_path / "sel4build.lock").read_text())
    assert [each["path"] for each in lock["project"]] == ["projects/bringup"]
    assert world.run("build", cwd=tmp_path).ok().stdout.startswith(f"{TARGET}: {IMAGE} (elf, ")


def test_a_line_for_upstreams_script_does_the_same(world: World, tmp_path: Path) -> None:
    line = ("-DCAMKES_VM_APP=bringup", "-DPLATFORM=qemu-arm-virt", "-DNUM_NODES=2")
    done = world.run("init", "--", *line, "-DElfloaderImage=efi", cwd=tmp_path).ok()
    assert "`-D AARCH64=1` is added: platform `qemu-arm-virt` needs it" in done.stderr
    spec = tomllib.loads((tmp_path / "sel4build.toml").read_text())
    assert spec["target"] == [
        {
            "app": "bringup",
            "platform": "qemu-arm-virt",
            "num-nodes": 2,
            "options": {"image-form": "efi"},
        }
    ]
    by_name = (*BRINGUP, "--num-nodes", "2", "--option", "image-form=efi")
    world.run("init", *by_name, cwd=tmp_path).ok()
    assert tomllib.loads((tmp_path / "sel4build.toml").read_text()) == spec


def test_init_from_elsewhere_makes_the_folder_and_says_how_to_get_there(
    world: World, tmp_path: Path
) -> None:
    done = world.run("init", *BRINGUP, "a/b c", cwd=tmp_path).ok()
    assert f"next: cd '{tmp_path}/a/b c' && sel4build build\n" in done.stdout
    assert (tmp_path / "a" / "b c" / "build" / TARGET / "build.ninja").is_file()


def test_a_second_target_starts_no_git_and_is_added(
    world: World, built: Path, tmp_path: Path
) -> None:
    root = _copy_of_what_is_wanted(built, tmp_path / "w")
    world.run("init", *BRINGUP, cwd=root).ok()
    git = f'[ "$*" = --version ] && exit; echo called >> {tmp_path}/calls; exit 1'
    write_program(tmp_path / "bin" / "git", git)
    path = f"{tmp_path / 'bin'}:{world.environ['PATH']}"
    done = world.having(PATH=path).run("init", *_on("x86_64"), cwd=root).ok()
    assert "next: sel4build build 'bringup@x86_64'" in done.stdout
    assert "sync: up to date" in done.stderr
    assert not (tmp_path / "calls").exists()
    spec = tomllib.loads((root / "sel4build.toml").read_text())
    assert [each["platform"] for each in spec["target"]] == ["qemu-arm-virt", "x86_64"]


def test_init_of_the_same_target_again_changes_nothing(world: World, built: Path) -> None:
    before = (built / "sel4build.toml").read_text()
    tree = (built / "build" / TARGET / "build.ninja").stat().st_mtime_ns
    world.run("init", *BRINGUP, cwd=built).ok()
    assert (built / "sel4build.toml").read_text() == before
    assert (built / "build" / TARGET / "build.ninja").stat().st_mtime_ns == tree


def test_init_in_a_folder_with_files_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    done = world.run("init", *BRINGUP, cwd=tmp_path)
    done.failed(ExitCode.INVALID, str(tmp_path), "`mine`")
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_a_target_with_another_manifest_needs_another_workspace(world: World, built: Path) -> None:
    argv = ("init", "--app", "vm_minimal", "--platform", "qemu-arm-virt")
    done = world.run(*argv, cwd=built)
    done.failed(ExitCode.INVALID, "`bringup`", "`camkes-vm-examples`")
    assert "vm_minimal" not in (built / "sel4build.toml").read_text()


@pytest.mark.parametrize(
    ("words", "naming"),
    [
        (("--app", "bringap", "--platform", "tk1"), "`bringap`"),
        (("--app", "bringup", "--platform", "tk9"), "`tk9`"),
        ((*BRINGUP, "--num-nodes", "many"), "`many`"),
        ((*BRINGUP, "-D", "ElfloaderImage=exe"), "`exe`"),
        ((*BRINGUP, "--toolchain", "msvc"), "`msvc`"),
        ((*BRINGUP, "--manifest-branch", "x"), "`--manifest-branch`"),
        ((*BRINGUP, "--manifest", "bringup", "--manifest-file", "x"), "`bringup`"),
        ((*BRINGUP, "--manifest", "none.xml"), "`none.xml`"),
    ],
)
def test_what_can_be_refused_is_refused_before_anything_is_made(
    world: World, tmp_path: Path, words: tuple[str, ...], naming: str
) -> None:
    world.run("init", *words, "new/w", cwd=tmp_path).failed(ExitCode.INVALID, naming)
    assert list(tmp_path.iterdir()) == []


def test_a_define_without_a_value_is_a_mistake_of_usage(world: World, tmp_path: Path) -> None:
    world.run("init", *BRINGUP, "-D", "X", cwd=tmp_path).failed(ExitCode.USAGE, "`-D X`")


def test_sync_repairs_what_was_deleted_and_locks_first_if_need_be(
    world: World, built: Path, tmp_path: Path
) -> None:
    root = _copy_of_what_is_wanted(built, tmp_path / "w")
    (root / "sel4build.lock").unlink()
    done = world.run("sync", cwd=root).ok()
    assert done.stdout == "1 projects, 1 moved, 0 left alone\n"
    assert (root / "sel4build.lock").read_text() == (built / "sel4build.lock").read_text()
    (root / "easy-settings.cmake").unlink()
    assert world.run("sync", "--json", cwd=root).ok().object("sync")["links"] == [
        "easy-settings.cmake"
    ]


def test_sync_leaves_changed_files_alone_and_names_them(
    world: World, built: Path, tmp_path: Path
) -> None:
    root = _copy_of_what_is_wanted(built, tmp_path / "w")
    world.run("sync", cwd=root).ok()
    changed = root / "projects" / "bringup" / "README.md"
    changed.write_text("mine")
    lock = (root / "sel4build.lock").read_text()
    assert world.run("sync", cwd=root).ok().stdout == "1 projects, 0 moved, 0 left alone\n"
    told = world.run("status", cwd=root).ok().stdout.splitlines()[1]
    assert told.startswith("projects/bringup: changed, 1 changed file: README.md")
    assert changed.read_text() == "mine"
    assert (root / "sel4build.lock").read_text() == lock


def test_lock_resolves_anew_and_says_what_changed(
    world: World, built: Path, tmp_path: Path
) -> None:
    root = _copy_of_what_is_wanted(built, tmp_path / "w")
    lock_file = root / "sel4build.lock"
    fresh = lock_file.read_text()
    assert "0 changed" in world.run("lock", cwd=root).ok().stdout
    commit = tomllib.loads(fresh)["project"][0]["commit"]
    lock_file.write_text(fresh.replace(commit, "0" * 40))
    assert "\nchanged: projects/bringup\n" in world.run("lock", cwd=root).ok().stdout
    assert lock_file.read_text() == fresh
    assert not (root / "projects").exists()


def test_a_workspace_on_its_own_data_goes_on_without_the_option(
    world: World, tmp_path: Path
) -> None:
    platforms = tmp_path / "data" / "platforms"
    platforms.mkdir(parents=True)
    shipped = Path(__file__).parents[3] / "platforms" / "qemu-arm-virt.toml"
    text = shipped.read_text().replace("title = ", 'title = "Acme" # ', 1)
    (platforms / "qemu-arm-virt.toml").write_text(text)
    argv = ("--data-dir", "data", "init", *BRINGUP, "w")
    world.run(*argv, cwd=tmp_path).ok()
    world.run("build", cwd=tmp_path / "w").ok()
    assert "Acme" in (tmp_path / "w" / "out" / TARGET / "BOOT.md").read_text()


def _on(platform: str) -> tuple[str, ...]:
    return ("--app", "bringup", "--platform", platform)


def test_a_target_is_taken_out_with_what_was_made_of_it(
    world: World, built: Path, tmp_path: Path
) -> None:
    root = _copy_of_what_is_wanted(built, tmp_path / "w")
    world.run("sync", cwd=root).ok()
    world.run("init", *_on("x86_64"), cwd=root).ok()
    other = "bringup@x86_64"
    done = world.run("remove", other, "--json", cwd=root).ok()
    assert done.object("remove")["targets"] == [other]
    assert done.object("remove")["removed"] == [str(root / "build" / other)]
    assert other not in world.run("list", "targets", cwd=root).ok().stdout
    world.run("remove", other, cwd=root).failed(ExitCode.INVALID, f"`{other}`")
    assert world.run("remove", TARGET, cwd=root).ok().stdout.startswith(f"{TARGET} is no target")
    world.run("build", cwd=root).failed(ExitCode.INVALID, "has no target")
    assert (root / "projects" / "bringup").is_dir()


def _copy_of_what_is_wanted(built: Path, root: Path) -> Path:
    """Return a workspace as a clone of a repository holds it: the two committed files."""
    root.mkdir()
    for name in ("sel4build.toml", "sel4build.lock"):
        shutil.copy(built / name, root)
    return root
