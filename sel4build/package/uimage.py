# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""uImages: U-Boot's legacy image header (include/image.h, `struct legacy_img_hdr`)."""

import zlib

from sel4build.model.image import ImageFacts
from sel4build.model.platform import ImageFormat
from sel4build.package.fields import ImageBytes

MAGIC = b"\x27\x05\x19\x56"
HEADER_SIZE = 64
_LAYOUT = ">7I4B"
_CRC_FIELD = slice(4, 8)
# IH_ARCH_*, IH_OS_* and IH_TYPE_* of include/image.h, those that seL4 may meet.
_MACHINES = {2: ("arm", 32), 3: ("i386", 32), 22: ("aarch64", 64), 24: ("x86_64", 64)}
_SYSTEMS = {2: "netbsd", 5: "linux", 15: "qnx", 17: "u-boot"}
_TYPES = {1: "standalone", 2: "kernel", 3: "ramdisk", 4: "multi", 5: "firmware", 6: "script"}


def inspect_uimage(image: ImageBytes) -> ImageFacts:
    """Return what the header says, once both checksums agree.

    Raises MalformedImageError. Bytes behind the payload are refused too: `mkimage` makes none.
    """
    fields = image.unpack(_LAYOUT, 0, what="the uImage header")
    image.need(0, HEADER_SIZE, what="the uImage header")
    _, header_crc, _, size, load, entry, payload_crc, system, arch, kind, _ = fields
    header = bytearray(image.content[:HEADER_SIZE])
    # The header is summed with its own checksum taken as zero.
    header[_CRC_FIELD] = bytes(4)
    if zlib.crc32(header) != header_crc:
        raise image.malformed("the checksum of its uImage header is wrong")
    if size == 0:
        raise image.malformed("its payload is empty")
    image.need(HEADER_SIZE, size, what="the payload")
    if image.size != HEADER_SIZE + size:
        raise image.malformed(f"{image.size - HEADER_SIZE - size} bytes follow its payload")
    if zlib.crc32(image.content[HEADER_SIZE:]) != payload_crc:
        raise image.malformed("the checksum of its payload is wrong")
    machine, word_size = _MACHINES.get(arch, (f"uImage architecture {arch}", None))
    return ImageFacts(
        format=ImageFormat.UIMAGE,
        machine=machine,
        word_size=word_size,
        entry=entry,
        load_address=load,
        uimage_os=_SYSTEMS.get(system, str(system)),
        uimage_type=_TYPES.get(kind, str(kind)),
    )
