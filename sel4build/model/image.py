# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Images, the packages that hold them, and what became of booting one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sel4build.model.catalog import ImageFormat
from sel4build.model.command import Command
from sel4build.model.target import TargetId


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


class Verdict(StrEnum):
    """How a boot ended."""

    PASSED = "passed"
    FAILED = "failed"
    """An error marker was seen."""
    ENDED = "ended"
    """The machine stopped before the success marker: end of output is a failure."""
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class BootPlan:
    """A machine to start and how to judge its console."""

    target: TargetId
    command: Command
    success: tuple[str, ...]
    """Markers that must appear in this order."""
    errors: tuple[str, ...]
    timeout_s: float
    console_file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BootOutcome:
    """The verdict on one boot, with the marker that decided it and the console's tail."""

    plan: BootPlan
    verdict: Verdict
    marker: str | None
    duration_s: float
    console: str
    """The last part of the console."""
