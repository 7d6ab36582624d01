# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from hypothesis import given
from hypothesis import strategies as st

from sel4build.model.platform import ImageFormat
from sel4build.package.fields import MalformedImageError
from sel4build.package.inspection import inspect_bytes
from sel4build.package.multiboot import find_multiboot_versions
from tests.kit.images import a_multiboot_kernel, a_uimage, an_efi_application, an_elf

IMAGES = (
    an_elf("aarch64"),
    an_elf("arm"),
    an_efi_application("aarch64"),
    an_efi_application("arm"),
    a_uimage(),
    a_multiboot_kernel(),
)
MAGICS = (
    b"",
    b"\x7fELF",
    b"\x7fELF\x01\x01\x01",
    b"\x7fELF\x02\x01\x01",
    b"MZ",
    b"\x27\x05\x19\x56",
)


def _is_judged(content: bytes) -> bool:
    """Inspect; nothing but a verdict may come of it."""
    try:
        inspect_bytes(content, name="image")
    except MalformedImageError:
        return False
    return True


@given(st.sampled_from(MAGICS), st.binary(max_size=4096))
def test_any_bytes_are_judged_without_a_crash(magic: bytes, rest: bytes) -> None:
    content = magic + rest
    is_whole = _is_judged(content)
    assert is_whole or not content or any(map(content.startswith, MAGICS[1:]))


@given(
    st.sampled_from(IMAGES),
    st.lists(st.tuples(st.integers(0, 511), st.integers(0, 255)), max_size=8),
)
def test_a_valid_image_with_changed_bytes_is_judged_without_a_crash(
    image: bytes, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(image)
    for offset, value in changes:
        content[offset % len(content)] = value
    _is_judged(bytes(content))


@given(st.binary(min_size=1, max_size=256), st.integers(0, (1 << 32) - 4096))
def test_what_is_put_into_an_image_is_read_back(code: bytes, load: int) -> None:
    elf = inspect_bytes(an_elf("arm", code=code, load=load), name="image")
    uimage = inspect_bytes(a_uimage("arm", payload=code, load=load), name="image")
    assert (elf.entry, elf.load_address) == (load, load)
    assert (uimage.entry, uimage.load_address) == (load, load)
    assert uimage.format is ImageFormat.UIMAGE


@given(st.binary(max_size=512))
def test_looking_for_multiboot_headers_never_fails(content: bytes) -> None:
    assert set(find_multiboot_versions(content)) <= {1, 2}
