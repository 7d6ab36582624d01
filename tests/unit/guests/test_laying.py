# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A folder in which files of the user's stand for the app's."""

from pathlib import Path, PurePosixPath

import pytest

from sel4build.guests.files import read_guest
from sel4build.guests.laying import GuestLayout, Replacement, apply_layout, plan_layout
from sel4build.model.guest import GuestRole, GuestRoot
from tests.kit.guests import CPIO_GZ, an_arm64_image, an_fdt

_ROOT = GuestRoot(path="projects/images", variables={"IMAGES_DIR": "{root}", "FILE": "{root}/f"})


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "w" / "projects" / "images"
    for name in ("board/linux", "board/rootfs.cpio.gz", "board/tools/x", "other/linux", "README"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"stock {name}")
    return tmp_path / "w"


def _plan(workspace: Path, **files: tuple[str, bytes]) -> GuestLayout:
    replacements = []
    for name, (stock, content) in files.items():
        file = workspace.parent / f"my-{name}"
        file.write_bytes(content)
        read = read_guest(GuestRole(name), file)
        replacements.append(Replacement(root=_ROOT, stock=PurePosixPath(stock), file=read))
    return plan_layout(
        tuple(replacements), workspace_root=workspace, place=workspace / "guests" / "a@b"
    )


def test_only_what_is_replaced_differs(workspace: Path) -> None:
    layout = _plan(
        workspace,
        kernel=("board/linux", an_arm64_image()),
        initrd=("board/rootfs.cpio.gz", CPIO_GZ),
    )
    layout.folder.parent.mkdir(parents=True)
    assert apply_layout(layout)
    root = Path(layout.variables["IMAGES_DIR"])
    assert layout.variables["FILE"] == f"{root}/f"
    assert (root / "board/linux").read_bytes() == an_arm64_image()
    assert not (root / "board/linux").is_symlink()
    assert (root / "board/rootfs.cpio.gz").read_bytes() == CPIO_GZ
    for name in ("board/tools/x", "other/linux", "README"):
        assert (root / name).read_text() == f"stock {name}"
    assert (workspace / "projects/images/board/linux").read_text() == "stock board/linux"
    assert not apply_layout(layout)


def test_another_content_is_another_folder_and_the_old_one_goes(workspace: Path) -> None:
    one = _plan(workspace, kernel=("board/linux", an_arm64_image()))
    one.folder.parent.mkdir(parents=True)
    apply_layout(one)
    (one.folder.parent / ".half.1.new").mkdir()
    other = _plan(workspace, kernel=("board/linux", an_arm64_image(8192)))
    apply_layout(other)
    assert one.folder != other.folder
    assert list(one.folder.parent.iterdir()) == [other.folder]


def test_a_file_that_comes_into_the_project_is_linked_too(workspace: Path) -> None:
    before = _plan(workspace, kernel=("board/linux", an_arm64_image()))
    (workspace / "projects/images/new").write_text("")
    assert _plan(workspace, kernel=("board/linux", an_arm64_image())).folder != before.folder


def test_where_a_source_is_compiled_a_blob_becomes_one(workspace: Path) -> None:
    layout = _plan(workspace, dtb=("board/linux.dts", an_fdt()))
    (content,) = layout.contents.values()
    assert content.startswith(b"/dts-v1/;")
    source = b"/dts-v1/;\n/ { };\n"
    (as_it_is,) = _plan(workspace, dtb=("board/linux.dts", source)).contents.values()
    assert as_it_is == source
