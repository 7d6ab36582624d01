# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Tell the form of an image by its first bytes, and check all of it against that form."""

from pathlib import Path

from sel4build.errors import WorkError
from sel4build.model.image import ImageFacts
from sel4build.model.platform import ImageFormat
from sel4build.package import elf, pe, uimage
from sel4build.package.fields import ImageBytes


def inspect_image(path: Path) -> ImageFacts:
    """Return what the file at `path` is; a file without a known magic number is a raw binary.

    Raises WorkError when it cannot be read, is empty or contradicts its own format.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"image `{path}` cannot be read: {error.strerror or error}"
        raise WorkError(message) from error
    return inspect_bytes(content, name=path.name)


def inspect_bytes(content: bytes, *, name: str) -> ImageFacts:
    """Return what `content` is; see `inspect_image`. `name` is for messages."""
    image = ImageBytes(name, content)
    if not content:
        raise image.malformed("it is empty")
    if content.startswith(elf.MAGIC):
        return elf.inspect_elf(image)
    if content.startswith(uimage.MAGIC):
        return uimage.inspect_uimage(image)
    if content.startswith(pe.MAGIC):
        return pe.inspect_pe(image)
    return ImageFacts(format=ImageFormat.BINARY)
