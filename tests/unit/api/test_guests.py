# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Guests of the user's own, from the files to what a build sees."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.guests import (
    GuestWishes,
    check_stock_guest,
    lay_guest,
    refresh_guests,
    with_guest,
)
from sel4build.api.selecting import RejectedError, select_one, select_wanted, wanted_target
from sel4build.catalog import load_catalog
from sel4build.errors import InputError
from sel4build.guests.files import read_guest
from sel4build.model.catalog import Catalog
from sel4build.model.guest import GuestFiles, GuestRole
from sel4build.model.lock import ManifestOrigin
from sel4build.model.target import Selection, Target
from sel4build.model.workspace import Workspace, WorkspaceSpec
from sel4build.workspace.spec import read_spec, write_spec
from tests.kit.guests import CPIO_GZ, LFS_POINTER, a_bzimage, a_zimage, an_arm64_image, an_fdt
from tests.kit.runner import Recorder

KERNEL, INITRD, DTB = GuestRole.KERNEL, GuestRole.INITRD, GuestRole.DTB
QEMU = Selection(app="vm_minimal", platform="qemu-arm-virt")


class Place:
    """A workspace with stock files, and files of the user's beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = Workspace(folder / "w")
        self.recorder = Recorder()
        self.context = Context(environ={}, cwd=folder, reporter=self.recorder)
        self.catalog: Catalog = load_catalog()
        self.images = self.workspace.root / "projects/camkes-vm-images/qemu-arm-virt"
        self.images.mkdir(parents=True)
        (self.images / "linux").write_bytes(an_arm64_image())
        (self.images / "linux-dtb").write_bytes(an_fdt())
        (self.images / "rootfs.cpio.gz").write_bytes(CPIO_GZ)

    def choose(self, selection: Selection = QEMU, **files: bytes) -> Selection:
        paths: dict[GuestRole, Path] = {}
        for role, content in files.items():
            (self.folder / f"my-{role}").write_bytes(content)
            paths[GuestRole(role)] = Path(f"my-{role}")
        return with_guest(
            self.context,
            self.catalog,
            selection,
            wishes=GuestWishes(files=paths),
            workspace=self.workspace,
        )

    def target(self, selection: Selection) -> Target:
        return select_one(self.catalog, selection).target


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_without_files_the_selection_stays(place: Place) -> None:
    assert place.choose() == QEMU
    assert lay_guest(place.target(QEMU), place.workspace) == {}


def test_files_are_recorded_by_path_and_digest_and_make_another_target(place: Place) -> None:
    chosen = place.choose(kernel=an_arm64_image(), initrd=CPIO_GZ)
    files = chosen.guest.by_role()
    assert files[KERNEL].path == str(place.folder / "my-kernel")
    assert len(files[KERNEL].sha256) == 64
    target = place.target(chosen)
    assert target.id != place.target(QEMU).id
    wanted = wanted_target(target, toolchain=None, allow_broken=False)
    assert wanted.id == target.id
    assert select_wanted(place.catalog, wanted) == target


def test_a_file_in_the_workspace_is_recorded_relative_to_it(place: Place) -> None:
    (place.workspace.root / "mine").mkdir()
    (place.workspace.root / "mine" / "Image").write_bytes(an_arm64_image())
    wishes = GuestWishes(files={KERNEL: Path("w/mine/Image")})
    chosen = with_guest(
        place.context, place.catalog, QEMU, wishes=wishes, workspace=place.workspace
    )
    assert chosen.guest.by_role()[KERNEL].path == "mine/Image"


def test_what_cannot_be_the_guest_is_told_at_once(place: Place) -> None:
    with pytest.raises(
        InputError, match="my-kernel` cannot be used: it is a 32-bit Arm"
    ) as refused:
        place.choose(kernel=a_zimage(), initrd=b"?")
    assert "Image" in (refused.value.hint or "")
    assert "also: guest initrd" in refused.value.details[0]
    with pytest.raises(InputError, match="Git LFS pointer"):
        place.choose(kernel=LFS_POINTER)


def test_what_does_not_fit_is_told(place: Place) -> None:
    with pytest.raises(InputError, match="does not fit: the kernel at 0x40080000"):
        place.choose(kernel=an_arm64_image(image_size=1 << 30))


def test_a_device_tree_is_switched_on(place: Place) -> None:
    chosen = place.choose(dtb=an_fdt())
    found = select_one(place.catalog, chosen)
    assert found.target.options == {"dtb-file": "ON"}
    assert "`--option dtb-file=ON` is added" in found.notes[0]
    off = replace(QEMU, options=(("dtb-file", "off"),))
    with pytest.raises(RejectedError, match="has no effect while option `dtb-file` is off"):
        place.choose(off, dtb=an_fdt())


def test_what_the_app_does_not_take_is_refused(place: Place) -> None:
    on_tk1 = Selection(app="vm_minimal", platform="tk1")
    with pytest.raises(RejectedError, match="takes no initrd on platform `tk1`"):
        place.choose(on_tk1, initrd=CPIO_GZ)
    own = Selection(app="cma34cr_centos", allow_broken=True)
    with pytest.raises(RejectedError, match="names `projects/vm-examples/apps/x86"):
        place.choose(own, kernel=a_bzimage(word_size=32))


def test_cmake_is_led_to_a_folder_with_the_users_files(place: Place) -> None:
    target = place.target(place.choose(kernel=an_arm64_image(8192)))
    (name, value) = next(iter(lay_guest(target, place.workspace).items()))
    assert name == "CAMKES_VM_IMAGES_DIR"
    folder = Path(value) / "qemu-arm-virt"
    assert (folder / "linux").read_bytes() == an_arm64_image(8192)
    assert (folder / "rootfs.cpio.gz").is_symlink()
    assert (self_linux := place.images / "linux").read_bytes() == an_arm64_image(), self_linux


def test_a_changed_file_is_recorded_and_leads_elsewhere(place: Place) -> None:
    chosen = place.choose(kernel=an_arm64_image())
    target = place.target(chosen)
    first = lay_guest(target, place.workspace)
    wanted = wanted_target(target, toolchain=None, allow_broken=False)
    spec = WorkspaceSpec(manifest=ManifestOrigin(name="m"), targets=(wanted,))
    write_spec(spec, place.workspace)
    refresh_guests(place.context, place.workspace)
    assert read_spec(place.workspace) == spec
    (place.folder / "my-kernel").write_bytes(an_arm64_image(8192))
    refresh_guests(place.context, place.workspace)
    (now,) = read_spec(place.workspace).targets
    assert now.id == wanted.id
    assert now.guest != wanted.guest
    assert "changed: recorded in `sel4build.toml`" in place.recorder.events[-1]
    assert lay_guest(select_wanted(place.catalog, now), place.workspace) != first
    (place.folder / "my-kernel").unlink()
    refresh_guests(place.context, place.workspace)
    assert read_spec(place.workspace).targets == (now,)


def test_stock_files_are_looked_at_before_cmake(place: Place) -> None:
    target = place.target(QEMU)
    check_stock_guest(place.context, target, place.workspace)
    assert place.recorder.events == []
    (place.images / "linux-dtb").unlink()
    check_stock_guest(place.context, target, place.workspace)
    assert "guest dtb `projects/camkes-vm-images/qemu-arm-virt/linux-dtb`" in str(
        place.recorder.events
    )
    (place.images / "linux").write_bytes(LFS_POINTER)
    with pytest.raises(InputError, match="Git LFS pointer"):
        check_stock_guest(place.context, target, place.workspace)


def test_a_users_file_has_to_fit_beside_the_stock_ones(place: Place) -> None:
    target = place.target(place.choose(kernel=an_arm64_image()))
    check_stock_guest(place.context, target, place.workspace)
    room = 0x4F00_0000 - 0x4D70_0000
    (place.images / "rootfs.cpio.gz").write_bytes(CPIO_GZ.ljust(room + 1, b"\0"))
    with pytest.raises(InputError, match="the initrd at 0x4d700000"):
        check_stock_guest(place.context, target, place.workspace)


def test_stock_files_that_do_not_fit_are_told(place: Place) -> None:
    target = place.target(QEMU)
    (place.images / "linux").write_bytes(an_arm64_image(image_size=1 << 30))
    check_stock_guest(place.context, target, place.workspace)
    assert "the guest of `vm_minimal@qemu-arm-virt` does not fit: the kernel at 0x40080000" in str(
        place.recorder.events
    )


@pytest.mark.parametrize("payload", [b"\x02\x21\x4c\x18", b"\x28\xb5\x2f\xfd"])
def test_a_stock_kernel_that_the_build_cannot_unpack_is_told(place: Place, payload: bytes) -> None:
    target = place.target(Selection(app="minimal_64"))
    stock = place.workspace.root / (target.guest_file(KERNEL) or "")
    stock.parent.mkdir(parents=True)
    stock.write_bytes(a_bzimage(payload=b"\x1f\x8b"))
    check_stock_guest(place.context, target, place.workspace)
    assert "empty file" not in str(place.recorder.events)
    stock.write_bytes(a_bzimage(payload=payload))
    check_stock_guest(place.context, target, place.workspace)
    assert "would take an empty file for the kernel" in place.recorder.events[-1]
    assert "`init --guest-kernel FILE`" in place.recorder.events[-1]


def test_a_stock_kernel_that_is_cut_off_is_told(place: Place) -> None:
    target = place.target(Selection(app="vm_minimal", platform="tk1"))
    stock = place.workspace.root / (target.guest_file(KERNEL) or "")
    stock.parent.mkdir(parents=True, exist_ok=True)
    stock.write_bytes(a_zimage())
    check_stock_guest(place.context, target, place.workspace)
    assert "cut off" not in str(place.recorder.events)
    stock.write_bytes(a_zimage()[:-96])
    check_stock_guest(place.context, target, place.workspace)
    assert "cut off: it has 4000 of 4096 bytes, and the guest will not" in str(
        place.recorder.events
    )


def test_a_pipe_is_no_guest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe` is no regular file"):
        read_guest(KERNEL, tmp_path / "pipe")
    with pytest.raises(InputError, match="` is a folder"):
        read_guest(KERNEL, tmp_path)
    with pytest.raises(InputError, match="none` does not exist"):
        read_guest(KERNEL, tmp_path / "none")


def test_buildroots_folder_gives_what_is_not_named(place: Place) -> None:
    images = place.folder / "br" / "output" / "images"
    images.mkdir(parents=True)
    (images / "Image").write_bytes(an_arm64_image())
    (images / "rootfs.cpio.gz").write_bytes(CPIO_GZ)
    (images / "virt.dtb").write_bytes(an_fdt())
    other = place.folder / "other.gz"
    other.write_bytes(CPIO_GZ + b"\0")
    chosen = with_guest(
        place.context,
        place.catalog,
        QEMU,
        wishes=GuestWishes(files={INITRD: other}, buildroot=Path("br")),
        workspace=place.workspace,
    )
    files = chosen.guest.by_role()
    assert files[KERNEL].path == str(images / "Image")
    assert files[INITRD].path == str(other)
    assert DTB not in files
    assert "`virt.dtb` left alone" in str(place.recorder.events)


def test_no_files_are_equal_to_none_at_all() -> None:
    assert GuestFiles.of({}) == GuestFiles()
