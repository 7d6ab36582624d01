# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""From a wish to a target or an error, and from a target to what is recorded."""

from pathlib import Path

import pytest

from sel4build.api.selecting import (
    RejectedError,
    resolve_paths,
    select_one,
    select_wanted,
    wanted_target,
)
from sel4build.catalog import load_catalog
from sel4build.errors import ExitCode, InputError
from sel4build.model.catalog import Catalog
from sel4build.model.target import Selection
from sel4build.model.workspace import WantedTarget


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """What is shipped."""
    return load_catalog(())


def test_every_reason_is_told_the_first_as_the_message(catalog: Catalog) -> None:
    selection = Selection(
        app="bringup",
        platform="tk1",
        num_nodes="99",
        defines=(("ElfloaderImage", "exe"),),
    )
    with pytest.raises(RejectedError) as refused:
        select_one(catalog, selection)
    error = refused.value
    assert error.exit_code is ExitCode.INVALID
    assert len(error.rejections) == 2
    assert error.message == error.rejections[0].reason
    (also,) = error.details
    assert also.startswith(f"also: {error.rejections[1].reason}")


def test_what_was_understood_differently_is_noted(catalog: Catalog) -> None:
    chosen = select_one(catalog, Selection(app="bringup", platform="zynqmp"))
    assert (chosen.target.platform.name, len(chosen.notes)) == ("zcu102", 1)


def test_what_is_recorded_selects_the_same_target(catalog: Catalog) -> None:
    selection = Selection(
        app="bringup",
        platform="qemu-arm-virt",
        num_nodes="4",
        defines=(("ElfloaderImage", "efi"), ("SOME_NAME", "own")),
    )
    target = select_one(catalog, selection).target
    wanted = wanted_target(target, toolchain="zig", allow_broken=False)
    assert (wanted.toolchain, wanted.num_nodes, wanted.id) == ("zig", 4, target.id)
    assert select_wanted(catalog, wanted) == target


def test_what_is_written_by_hand_has_the_id_of_its_target(catalog: Catalog) -> None:
    wanted = WantedTarget(
        app="vm_minimal",
        platform="tk1",
        options={"insecure": "yes", "rootfs": "mmcblk0p2"},
        defines={"SOME_NAME": "1"},
    )
    target = select_wanted(catalog, wanted)
    assert target.id == wanted.id
    assert target.defines == {"Tk1Insecure": "ON", "VmTk1Rootfs": "mmcblk0p2", "SOME_NAME": "1"}


def test_files_are_named_from_where_the_user_is(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "my.dts").write_text("")
    selection = Selection(
        app="vm_minimal",
        platform="tx2",
        options=(("kernel-dts", "./my.dts"), ("release", None), ("stack-size", "32768")),
        defines=(("KernelCustomDTSOverlay:STRING", "my.dts"), ("OTHER", "my.dts")),
    )
    resolved = resolve_paths(catalog, selection, tmp_path)
    file = str(tmp_path / "my.dts")
    assert resolved.options == (("kernel-dts", file), ("release", None), ("stack-size", "32768"))
    assert resolved.defines == (("KernelCustomDTSOverlay:STRING", file), ("OTHER", "my.dts"))
    assert resolve_paths(catalog, resolved, Path("/")) == resolved
    missing = Selection(app="vm_minimal", options=(("kernel-dts", "none.dts"),))
    with pytest.raises(InputError, match=r"none\.dts` does not exist"):
        resolve_paths(catalog, missing, tmp_path)


def test_words_of_cmake_take_files_from_where_the_user_is(tmp_path: Path) -> None:
    catalog = load_catalog()
    (tmp_path / "mine.dts").write_text("")
    words = ("-DCAMKES_VM_APP=vm_minimal", "-DPLATFORM=tx2", "-D", "KernelCustomDTS=mine.dts")
    resolved = resolve_paths(catalog, Selection(app="", cmake_words=words), tmp_path)
    place = str(tmp_path / "mine.dts")
    assert select_one(catalog, resolved).target.defines["KernelCustomDTS"] == place
    assert resolve_paths(catalog, resolved, Path("/")) == resolved
    gone = ("-DKernelCustomDTS:FILEPATH=../gone.dts",)
    with pytest.raises(InputError, match=r"gone\.dts` does not exist"):
        resolve_paths(catalog, Selection(app="vm_minimal", cmake_words=gone), tmp_path)


def test_words_that_name_no_file_stay_as_they_are(tmp_path: Path) -> None:
    words = ("-DRELEASE=ON", "-DKernelCustomDTS=/dev/null")
    selection = Selection(app="vm_minimal", platform="tx2", cmake_words=words)
    assert resolve_paths(load_catalog(), selection, tmp_path) == selection
