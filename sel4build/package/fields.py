# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The bytes of an image, read field by field and never beyond their end."""

import struct

from sel4build.errors import WorkError


class MalformedImageError(WorkError):
    """An image contradicts the definition of its own format, or ends too early."""


class ImageBytes:
    """The whole content of an image under the name that messages call it by."""

    def __init__(self, name: str, content: bytes) -> None:
        """Take the content as it is; nothing is checked yet."""
        self.name = name
        self.content = content

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.content)

    def unpack(self, layout: str, offset: int, *, what: str) -> tuple[int, ...]:
        """Return the integers that `layout` (of the struct module) finds at `offset`.

        Raises MalformedImageError naming `what` when the image ends before.
        """
        self.need(offset, struct.calcsize(layout), what=what)
        return struct.unpack_from(layout, self.content, offset)

    def need(self, offset: int, size: int, *, what: str) -> None:
        """Raise MalformedImageError unless `what`, `size` bytes at `offset`, is in the image."""
        if offset + size > self.size:
            raise self.malformed(
                f"{what} should end at byte {offset + size}, but the file has {self.size}"
            )

    def malformed(self, reason: str) -> MalformedImageError:
        """Return the error that says why the image cannot be what it claims."""
        return MalformedImageError(f"image `{self.name}` is damaged: {reason}")
