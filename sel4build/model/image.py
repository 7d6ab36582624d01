# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Images, the packages that hold them, and what became of booting one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sel4build.model.command import Command
from sel4build.model.paths import RelPath
from sel4build.model.platform import ImageFormat
from sel4build.model.target import Target
from sel4build.model.target_id import TargetId


class ArtifactKind(StrEnum):
    """What a file of a package is for."""

    IMAGE = "image"
    KERNEL_IMAGE = "kernel-image"
    MULTIBOOT_MODULE = "multiboot-module"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What the bytes of an image say of themselves. Addresses are physical, None where unknown."""

    format: ImageFormat
    machine: str | None = None
    """`arm`, `aarch64`, `i386` or `x86_64` where the format says it."""
    word_size: int | None = None
    entry: int | None = None
    load_address: int | None = None
    multiboot_versions: tuple[int, ...] = ()
    """1 and 2, where the file has the header of that multiboot specification."""
    uimage_os: str | None = None
    """Operating system field of a uImage, such as `linux`."""
    uimage_type: str | None = None
    """Type field of a uImage, such as `kernel`."""
    can_be_jumped_to: bool = False
    """An EFI application that is a raw binary too: it has the arm64 image header of Linux."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file of a package."""

    kind: ArtifactKind
    name: str
    size_bytes: int
    sha256: str
    facts: ImageFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The bootable set of one target. A multiboot package has two artifacts, others one."""

    target: TargetId
    out_dir: Path
    format: ImageFormat
    artifacts: tuple[Artifact, ...]
    record: Mapping[str, object] = field(default_factory=dict)
    """What `target.json` says beside the artifacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRequest:
    """What a package is made from. All that it holds is an input of `target.json`."""

    target: Target
    images_dir: Path
    """`images/` of the build tree, where upstream leaves its files."""
    out_dir: Path
    elfloader_image: str | None
    """`ElfloaderImage` as CMake's cache says it; None where the cache has no such variable."""
    lock_digest: str
    """sha256 (hex) of the lockfile."""
    toolchain: Mapping[str, str]
    """Name, version and the like of the compiler, never a path of this host."""


class Verdict(StrEnum):
    """How a boot ended."""

    PASSED = "passed"
    FAILED = "failed"
    """An error marker was seen."""
    ENDED = "ended"
    """The machine stopped before the success marker: end of output is a failure."""
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class BootFile:
    """A file to lay into the scratch folder before a machine starts.

    Exactly one of `source` (a file to copy) and `content` is set.
    """

    path: RelPath
    source: Path | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BootPlan:
    """A machine to start and how to judge its console."""

    target: TargetId
    command: Command
    scratch_dir: Path | None = None
    """Folder that the machine reads `files` from; emptied before each boot."""
    files: tuple[BootFile, ...] = ()
    success: tuple[str, ...]
    """Markers that must appear in this order."""
    errors: tuple[str, ...]
    timeout_s: float
    console_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BootOutcome:
    """The verdict on one boot and the console's tail.

    `marker` is the one that decided: seen when the boot passed or failed, else still awaited.
    """

    plan: BootPlan
    verdict: Verdict
    marker: str | None
    duration_s: float
    console: str
    """The last part of the console, without control sequences."""
    returncode: int | None = None
    """How QEMU ended when it ended by itself; None when it was stopped."""
