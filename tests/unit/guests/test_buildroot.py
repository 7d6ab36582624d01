# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What Buildroot has made, for a guest."""

from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.errors import InputError
from sel4build.guests.buildroot import BuildrootImages, find_images
from sel4build.model.catalog import Catalog
from sel4build.model.target import Selection
from sel4build.targets import select


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def _find(catalog: Catalog, folder: Path, app: str, platform: str) -> BuildrootImages:
    (target,) = select(catalog, Selection(app=app, platform=platform)).targets
    return find_images(folder, target)


def _made(folder: Path, *names: str) -> Path:
    images = folder / "output" / "images"
    images.mkdir(parents=True)
    for name in names:
        (images / name).write_text(name)
    return folder


def _names(found: BuildrootImages) -> dict[str, str]:
    return {str(role): path.name for role, path in found.files.items()}


@pytest.mark.parametrize("inner", ["", "output", "output/images"])
def test_the_folder_may_be_named_at_any_depth(catalog: Catalog, tmp_path: Path, inner: str) -> None:
    folder = _made(tmp_path, "Image", "rootfs.cpio", "rootfs.cpio.gz", "board.dtb") / inner
    found = _find(catalog, folder, "vm_minimal", "tx2")
    assert _names(found) == {"kernel": "Image", "initrd": "rootfs.cpio.gz", "dtb": "board.dtb"}
    assert found.notes == ()


def test_what_the_guest_does_not_take_is_left_alone_with_a_note(
    catalog: Catalog, tmp_path: Path
) -> None:
    folder = _made(tmp_path, "zImage", "rootfs.cpio", "secure.dtb", "other.dtb")
    found = _find(catalog, folder, "vm_minimal", "tk1")
    assert _names(found) == {"kernel": "zImage"}
    assert "`rootfs.cpio` is left alone" in found.notes[0]
    assert "`--guest-dtb` gives one" in found.notes[1]


def test_where_there_is_no_root_file_system_the_apps_own_is_taken(
    catalog: Catalog, tmp_path: Path
) -> None:
    found = _find(catalog, _made(tmp_path, "bzImage"), "minimal_64", "x86_64")
    assert _names(found) == {"kernel": "bzImage"}
    assert "the app's own root file system" in found.notes[0]


def test_the_form_that_the_build_takes_is_chosen(catalog: Catalog, tmp_path: Path) -> None:
    folder = _made(tmp_path, "bzImage", "rootfs.cpio.xz")
    assert _names(_find(catalog, folder, "minimal_64", "x86_64"))["initrd"] == "rootfs.cpio.xz"
    with pytest.raises(InputError, match=r"but the guest needs `rootfs\.cpio`"):
        _find(catalog, folder, "zmq_samples", "x86_64")


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("zImage",), "has no `Image`, which the guest of `vm_minimal` needs; it has `zImage`"),
        ((), "has no `Image`"),
        (("Image", "rootfs.cpio"), "but the guest needs `rootfs.cpio.gz`"),
        (("Image", "rootfs.cpio.gz", "a.dtb", "b.dtb"), "more than one device tree"),
    ],
)
def test_what_lacks_or_is_not_clear_is_refused(
    catalog: Catalog, tmp_path: Path, names: tuple[str, ...], why: str
) -> None:
    with pytest.raises(InputError, match=why) as refused:
        _find(catalog, _made(tmp_path, *names), "vm_minimal", "tx2")
    assert refused.value.hint


def test_a_folder_that_buildroot_has_not_made_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no `output/images`"):
        _find(catalog, tmp_path, "vm_minimal", "tx2")
    with pytest.raises(InputError, match="does not exist"):
        _find(catalog, tmp_path / "none", "vm_minimal", "tx2")
