# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest

from sel4build.errors import EnvironmentLacksError, WorkError
from sel4build.model.image import ArtifactKind
from sel4build.package.plan import apply_checksums, apply_package, load_package, plan_package
from tests.kit.images import an_elf
from tests.kit.packages import a_package, a_request
from tests.kit.targets import a_board, a_pc, a_target


def _content(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def _times(folder: Path) -> dict[str, int]:
    return {each.name: each.stat().st_mtime_ns for each in sorted(folder.iterdir())}


def test_a_package_holds_the_image_under_upstreams_name_and_three_descriptions(
    tmp_path: Path,
) -> None:
    package = a_package(a_target(), tmp_path)
    assert [each.kind for each in package.artifacts] == [ArtifactKind.IMAGE]
    assert sorted(_content(package.out_dir)) == [
        "BOOT.md",
        "SHA256SUMS",
        "demo-loader-image-arm-acme1",
        "target.json",
    ]
    assert (package.out_dir / "demo-loader-image-arm-acme1").read_bytes() == an_elf()


def test_a_pcs_package_holds_kernel_and_module_in_the_order_of_loading(tmp_path: Path) -> None:
    package = a_package(a_target(a_pc()), tmp_path)
    assert [(each.kind, each.name) for each in package.artifacts] == [
        (ArtifactKind.KERNEL_IMAGE, "kernel-pc"),
        (ArtifactKind.MULTIBOOT_MODULE, "demo-loader-image-pc"),
    ]


def test_planning_writes_nothing(tmp_path: Path) -> None:
    request = a_request(a_target(), tmp_path)
    plan_package(request)
    assert not request.out_dir.exists()


def test_the_checksums_are_those_that_sha256sum_reads(tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    done = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"],
        cwd=package.out_dir,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "BOOT.md: OK",
        "demo-loader-image-arm-acme1: OK",
        "target.json: OK",
    ]


def test_packaging_again_touches_no_file(tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    before = _times(package.out_dir)
    assert not apply_package(plan_package(a_request(a_target(), tmp_path)))
    assert not apply_checksums(package.out_dir)
    assert _times(package.out_dir) == before


def test_the_same_inputs_in_another_folder_make_the_same_bytes(tmp_path: Path) -> None:
    one = a_package(a_target(), tmp_path / "one")
    other = a_package(a_target(), tmp_path / "a folder ü")
    assert _content(one.out_dir) == _content(other.out_dir)
    assert str(tmp_path).encode() not in b"".join(_content(one.out_dir).values())


def test_a_package_reads_back_as_it_was_planned(tmp_path: Path) -> None:
    for target in (a_target(), a_target(a_pc()), a_target(num_nodes=4, defines={"A": "b"})):
        package = a_package(target, tmp_path)
        assert load_package(package.out_dir) == package


def test_a_missing_image_is_named_with_what_is_there_instead(tmp_path: Path) -> None:
    request = a_request(a_target(), tmp_path, images={"other": b"x"})
    with pytest.raises(WorkError, match="left no image `demo-loader-image-arm-acme1`") as caught:
        plan_package(request)
    assert caught.value.details == (f"in `{request.images_dir}`: other",)
    shutil.rmtree(request.images_dir)
    with pytest.raises(WorkError) as caught:
        plan_package(request)
    assert caught.value.details == ()


def test_a_damaged_image_is_not_packaged(tmp_path: Path) -> None:
    target = a_target()
    request = a_request(target, tmp_path, images={target.image_name: an_elf()[:-1]})
    with pytest.raises(WorkError, match="is damaged"):
        plan_package(request)


def test_files_of_an_earlier_package_go_and_files_of_the_user_stay(tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    (package.out_dir / "notes.txt").write_text("mine")
    request = a_request(a_target(a_board("acme2")), tmp_path)
    apply_package(plan_package(dataclasses.replace(request, out_dir=package.out_dir)))
    assert sorted(_content(package.out_dir)) == [
        "BOOT.md",
        "demo-loader-image-arm-acme2",
        "notes.txt",
        "target.json",
    ]


def test_what_a_killed_run_was_writing_goes_with_the_next_package(tmp_path: Path) -> None:
    request = a_request(a_target(), tmp_path)
    request.out_dir.mkdir(parents=True)
    (request.out_dir / ".target.json.4711-1.new").write_text("half")
    apply_package(plan_package(request))
    assert sorted(_content(request.out_dir)) == [
        "BOOT.md",
        "demo-loader-image-arm-acme1",
        "target.json",
    ]


@pytest.mark.parametrize("survivor", range(4))
def test_a_package_is_made_whole_whatever_part_of_it_is_left(survivor: int, tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    whole = _content(package.out_dir)
    for name in sorted(whole)[:survivor]:
        (package.out_dir / name).unlink()
    apply_package(plan_package(a_request(a_target(), tmp_path)))
    apply_checksums(package.out_dir)
    assert _content(package.out_dir) == whole


def test_a_package_that_could_not_be_finished_is_not_taken_for_whole(tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    target = a_target()
    newer = an_elf(code=b"newer code")
    plan = plan_package(a_request(target, tmp_path, images={target.image_name: newer}))
    (plan.images_dir / target.image_name).unlink()
    with pytest.raises(WorkError, match="left no image"):
        apply_package(plan)
    assert not (package.out_dir / "SHA256SUMS").exists()
    with pytest.raises(WorkError, match="there is no package"):
        load_package(package.out_dir)


def test_an_image_that_changes_while_it_is_packaged_is_refused(tmp_path: Path) -> None:
    request = a_request(a_target(), tmp_path)
    plan = plan_package(request)
    (request.images_dir / a_target().image_name).write_bytes(an_elf(code=b"newer code"))
    with pytest.raises(WorkError, match="changed while it was packaged"):
        apply_package(plan)


def test_a_file_in_the_place_of_the_package_is_named(tmp_path: Path) -> None:
    plan = plan_package(a_request(a_target(), tmp_path))
    (tmp_path / "out").write_text("a file")
    with pytest.raises(EnvironmentLacksError, match="cannot be written"):
        apply_package(plan)


def test_checksums_are_refused_for_an_image_that_was_changed(tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    (package.out_dir / a_target().image_name).write_bytes(b"else")
    with pytest.raises(WorkError, match=r"is not the file that `target\.json` lists"):
        apply_checksums(package.out_dir)


def test_an_image_that_was_removed_is_named(tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    (package.out_dir / a_target().image_name).unlink()
    with pytest.raises(WorkError, match="demo-loader-image-arm-acme1` cannot be read"):
        load_package(package.out_dir)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"version": 1}', '{"version": 2}'])
def test_a_damaged_record_is_an_error_and_no_package(text: str, tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    (package.out_dir / "target.json").write_text(text)
    with pytest.raises(WorkError, match="is damaged") as caught:
        load_package(package.out_dir)
    assert caught.value.hint == "run `sel4build package` again"


def test_a_damaged_record_does_not_keep_a_new_package_from_being_made(tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    (package.out_dir / "target.json").write_bytes(b"\xff")
    assert apply_package(plan_package(a_request(a_target(), tmp_path)))
    assert load_package(package.out_dir) == package


@pytest.mark.parametrize("name", ["../image", "/etc/passwd", "..", ""])
def test_a_record_cannot_reach_out_of_its_folder(name: str, tmp_path: Path) -> None:
    package = a_package(a_target(), tmp_path)
    file = package.out_dir / "target.json"
    file.write_text(file.read_text().replace('"demo-loader-image-arm-acme1"', f'"{name}"'))
    with pytest.raises(WorkError, match="lists files outside its folder"):
        load_package(package.out_dir)
