# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Images made from the definitions of their formats, valid unless a test asks for less."""

import struct
import zlib
from dataclasses import dataclass

ELF_MACHINES = {"i386": 3, "arm": 40, "x86_64": 62, "aarch64": 183}
PE_MACHINES = {"i386": 0x14C, "arm": 0x1C2, "x86_64": 0x8664, "aarch64": 0xAA64}
UIMAGE_ARCHS = {"arm": 2, "i386": 3, "aarch64": 22, "x86_64": 24}
CODE = b"\x00\x01\x02\x03" * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ElfFields:
    """What a test may want to spoil in an ELF file; None leaves the right value."""

    elf_class: int | None = None
    byte_order: int = 1
    version: int = 1
    kind: int = 2
    ehsize: int | None = None
    phentsize: int | None = None
    phnum: int = 1
    segment_kind: int = 1
    filesz: int | None = None
    memsz: int | None = None
    with_sections: bool = True
    shentsize: int | None = None


def an_elf(
    machine: str = "aarch64",
    *,
    code: bytes = CODE,
    load: int = 0x4008_0000,
    entry: int | None = None,
    word_size: int | None = None,
    virtual: int | None = None,
    fields: ElfFields | None = None,
) -> bytes:
    """Return an executable of one segment, code first, and (at the end) one empty section."""
    f = fields or ElfFields()
    bits = word_size or (64 if machine in {"aarch64", "x86_64"} else 32)
    is_wide = bits == 64
    ehsize, phentsize, shentsize = (64, 56, 64) if is_wide else (52, 32, 40)
    offset = 128
    shoff = offset + len(code)
    ident = struct.pack(
        "4s3B9x", b"\x7fELF", f.elf_class or (2 if is_wide else 1), f.byte_order, f.version
    )
    header = struct.pack(
        "<HHIQQQIHHHHHH" if is_wide else "<HHIIIIIHHHHHH",
        f.kind,
        ELF_MACHINES.get(machine, 0xFFF),
        1,
        load if entry is None else entry,
        ehsize,
        shoff if f.with_sections else 0,
        0,
        f.ehsize or ehsize,
        f.phentsize or phentsize,
        f.phnum,
        f.shentsize or shentsize,
        1 if f.with_sections else 0,
        0,
    )
    sizes = (
        len(code) if f.filesz is None else f.filesz,
        len(code) if f.memsz is None else f.memsz,
    )
    place = (offset, load if virtual is None else virtual, load)
    if is_wide:
        segment = struct.pack("<IIQQQQQQ", f.segment_kind, 7, *place, *sizes, 8)
    else:
        segment = struct.pack("<8I", f.segment_kind, *place, *sizes, 7, 8)
    sections = bytes(shentsize) if f.with_sections else b""
    return (ident + header + segment).ljust(offset, b"\0") + code + sections


@dataclass(frozen=True, slots=True, kw_only=True)
class PeFields:
    """What a test may want to spoil in a PE file; None leaves the right value."""

    signature: bytes = b"PE\0\0"
    num_sections: int = 2
    optional_size: int | None = None
    magic: int | None = None
    subsystem: int = 10
    num_directories: int = 6
    raw_size: int | None = None
    virtual_size: int | None = None
    base: int = 0
    with_arm64_header: bool = False


def an_efi_application(
    machine: str = "aarch64", *, code: bytes = CODE, fields: PeFields | None = None
) -> bytes:
    """Return an EFI application as one writes it by hand: six directories, an empty section."""
    f = fields or PeFields()
    is_wide = machine in {"aarch64", "x86_64"}
    head = 4096
    code = code.ljust(512, b"\0")
    optional = struct.pack(
        "<HHIIIII", f.magic or (0x20B if is_wide else 0x10B), 0, len(code), 0, 0, head, head
    )
    optional += struct.pack("<Q", f.base) if is_wide else struct.pack("<II", 0, f.base)
    optional += struct.pack(
        "<II6HIIIIHH", head, 512, *[0] * 7, head + len(code), head, 0, f.subsystem, 0
    )
    optional += struct.pack("<4Q" if is_wide else "<4I", 0, 0, 0, 0)
    optional += struct.pack("<II", 0, f.num_directories) + bytes(8 * 6)
    size = len(optional) if f.optional_size is None else f.optional_size
    coff = struct.pack(
        "<HHIIIHH", PE_MACHINES.get(machine, 0xFFF), f.num_sections, 0, 0, 0, size, 0x206
    )
    sections = struct.pack("<8s4I12xI", b".reloc", 0, 0, 0, 0, 0x42100040)
    sections += struct.pack(
        "<8s4I12xI",
        b".text",
        len(code) if f.virtual_size is None else f.virtual_size,
        head,
        len(code) if f.raw_size is None else f.raw_size,
        head,
        0x60000020,
    )
    # "MZ" and what follows it is an instruction without effect on 64-bit Arm.
    start = struct.pack("<II", 0x91005A4D, 0x14000000 | (head - 4) // 4)
    arm64 = b"ARM\x64" if f.with_arm64_header else bytes(4)
    mz = start.ljust(56, b"\0") + arm64 + struct.pack("<I", 64)
    return (mz + f.signature + coff + optional + sections).ljust(head, b"\0") + code


def a_uimage(
    machine: str = "aarch64",
    *,
    payload: bytes = CODE,
    load: int = 0x4008_0000,
    kind: int = 2,
    system: int = 5,
    arch: int | None = None,
) -> bytes:
    """Return U-Boot's legacy image around `payload`, not compressed."""
    number = UIMAGE_ARCHS[machine] if arch is None else arch
    fields = (0, len(payload), load, load, zlib.crc32(payload), system, number, kind, 0, b"test")
    header = struct.pack(">7I4B32s", 0x27051956, 0, *fields)
    return struct.pack(">7I4B32s", 0x27051956, zlib.crc32(header), *fields) + payload


def a_multiboot_header(*, flags: int = 0) -> bytes:
    """Return the three words of Multiboot 0.6.96, 3.1.1."""
    magic = 0x1BADB002
    return struct.pack("<3I", magic, flags, -(magic + flags) % (1 << 32))


def a_multiboot2_header() -> bytes:
    """Return a header of Multiboot2 2.0, 3.1.1, with its end tag."""
    magic, length = 0xE85250D6, 24
    return struct.pack("<4IHHI", magic, 0, length, -(magic + length) % (1 << 32), 0, 0, 8)


def a_multiboot_kernel(*, code: bytes = CODE, load: int = 0x10_0000) -> bytes:
    """Return a 32-bit x86 kernel; it starts behind its header, at `load` + 12."""
    return an_elf("i386", code=a_multiboot_header() + code, load=load, entry=load + 12)


def a_pl011_program(text: str, *, then_off: bool = False) -> bytes:
    """Return 64-bit Arm code that writes `text` to a PL011 at 0x9000000, then waits or stops.

    It runs wherever it is put. Encodings: Arm ARM, C6.2.
    """
    off = (0x52B08000, 0x72800100, 0xD4000002)  # PSCI SYSTEM_OFF: w0 = 0x84000008; hvc
    words = [
        0,  # adr x1, text: below
        0xD2A12000,  # movz x0, #0x900, lsl #16
        0x38401422,  # ldrb w2, [x1], #1
        0x34000062,  # cbz w2, behind the loop
        0xB9000002,  # str w2, [x0]
        0x17FFFFFD,  # b to ldrb
        *(off if then_off else ()),
        0xD503207F,  # wfi
        0x17FFFFFF,  # b to wfi
    ]
    words[0] = 0x10000001 | len(words) << 5
    return struct.pack(f"<{len(words)}I", *words) + text.encode() + b"\0"


def a_com1_program(text: str, *, at: int) -> bytes:
    """Return 32-bit x86 code that writes `text` to COM1, then halts; `at` is its address."""
    code = bytes.fromhex("be00000000 66baf803 ac 84c0 7403 ee ebf8 f4 ebfd")
    where = struct.pack("<I", at + len(code))
    return code[:1] + where + code[5:] + text.encode() + b"\0"


def an_arm64_image(code: bytes) -> bytes:
    """Return `code` behind the header that Linux has on 64-bit Arm (booting.rst, section 4)."""
    return struct.pack("<IIQQQ24x4sI", 0x14000010, 0, 0x80000, 0, 0xA, b"ARM\x64", 0) + code
