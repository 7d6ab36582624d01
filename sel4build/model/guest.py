# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a guest is made of: the files of an app, and those that a user puts in their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class GuestRole(StrEnum):
    """A file of a guest by what it is for."""

    KERNEL = "kernel"
    INITRD = "initrd"
    DTB = "dtb"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestImages:
    """The files that become a guest, relative to the workspace, as the sources name them.

    `{NAME}` stands for the value of option `NAME`. Addresses and sizes are bytes, as the guest sees
    them.
    """

    linux: str | None = None
    dtb: str | None = None
    initrd: str | None = None
    ram_base: int | None = None
    ram_size: int | None = None
    dtb_addr: int | None = None
    initrd_addr: int | None = None
    dtb_needs: str | None = None
    """Option that must be on for the device tree to be given to the guest."""
    initrd_overlaid: bool = False
    """The build adds files to the initrd, which has to be a cpio archive in gzip form."""
    num_vcpus: int | None = None
    word_size: int | None = None
    """32 or 64 bits, where that is not what the platform has."""

    def file_of(self, role: GuestRole) -> str | None:
        """Return the file for `role`, or None where the guest has none of its own."""
        return {
            GuestRole.KERNEL: self.linux,
            GuestRole.INITRD: self.initrd,
            GuestRole.DTB: self.dtb,
        }[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestRoot:
    """A folder of the workspace from which the sources take guest files."""

    path: str
    variables: Mapping[str, str]
    """CMake variables that name another folder instead: templates over `{root}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFile:
    """A file of the user's that takes the place of an app's."""

    path: str
    """As the user names it; a relative one is relative to the workspace."""
    sha256: str = ""
    """Digest (hex) of what it held when it was checked; empty until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestFiles:
    """The files of the user's, each None where the app's own is taken."""

    kernel: GuestFile | None = None
    initrd: GuestFile | None = None
    dtb: GuestFile | None = None

    @classmethod
    def of(cls, files: Mapping[GuestRole, GuestFile]) -> "GuestFiles":
        """Return what `files` hold by role."""
        return cls(**{role.value: file for role, file in files.items()})

    def by_role(self) -> Mapping[GuestRole, GuestFile]:
        """Return those that there are."""
        files = (self.kernel, self.initrd, self.dtb)
        pairs = zip(GuestRole, files, strict=True)
        return {role: file for role, file in pairs if file is not None}

    def wishes(self) -> Mapping[str, str]:
        """Return what tells a target with these files from one without, by name."""
        return {f"guest.{role}": file.path for role, file in self.by_role().items()}


NO_GUEST_FILES = GuestFiles()
"""The app's own files only."""
