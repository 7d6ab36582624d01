# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Make the package of one target: check what the build left, and lay it out whole or not at all."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import InputError, Sel4BuildError, WorkError
from sel4build.model.image import Artifact, ArtifactKind, Package, PackageRequest
from sel4build.model.platform import ImageFormat
from sel4build.model.target import Target
from sel4build.model.target_id import TargetId
from sel4build.package.checksums import CHECKSUMS_NAME, digest_file, write_checksums
from sel4build.package.expectation import check_image, choose_form
from sel4build.package.inspection import inspect_bytes
from sel4build.package.instructions import INSTRUCTIONS_NAME, render_instructions
from sel4build.package.record import (
    RECORD_NAME,
    TargetRecord,
    make_record,
    parse_record,
    plain_table,
    render_record,
)
from sel4build.reading import read_text
from sel4build.writing import explaining_os_errors, write_if_changed

_AGAIN = "run `sel4build package` again"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePlan:
    """A package that could be made, with the text of the files that describe it."""

    package: Package
    images_dir: Path
    record: str
    instructions: str


def plan_package(request: PackageRequest) -> PackagePlan:
    """Read and check the images of a target, and return the package to make of them.

    Raises WorkError when an image is missing, damaged, of another form than CMake or the catalogue
    says, or for another machine.
    """
    form = choose_form(request.target, elfloader_image=request.elfloader_image)
    artifacts = tuple(
        _read_artifact(request, kind=kind, name=name, form=form)
        for kind, name in _wanted_images(request.target, form)
    )
    record = make_record(request, form=form, artifacts=artifacts)
    package = Package(
        target=request.target.id,
        out_dir=request.out_dir,
        format=form,
        artifacts=artifacts,
        record=_beside_artifacts(record),
    )
    return PackagePlan(
        package=package,
        images_dir=request.images_dir,
        record=render_record(record),
        instructions=render_instructions(package, request.target),
    )


def apply_package(plan: PackagePlan) -> bool:
    """Lay the package out and return whether anything had to be written.

    Of an earlier package, what tells that it is whole goes first, then its other images; files
    that no package listed are the user's and stay. Raises WorkError when an image changed since it
    was planned, and EnvironmentLacksError when the disk is full or may not be written.
    """
    out_dir = plan.package.out_dir
    if _is_laid_out(plan):
        return False
    stale = _listed_images(out_dir) - {artifact.name for artifact in plan.package.artifacts}
    with explaining_os_errors(out_dir):
        (out_dir / CHECKSUMS_NAME).unlink(missing_ok=True)
        for name in sorted(stale):
            (out_dir / name).unlink(missing_ok=True)
        (out_dir / RECORD_NAME).unlink(missing_ok=True)
        # What a killed run was still writing: see `writing.write_if_changed`.
        for half_made in sorted(out_dir.glob(".*.new")):
            half_made.unlink()
    for artifact in plan.package.artifacts:
        content = _read_image(plan.images_dir / artifact.name)
        if hashlib.sha256(content).hexdigest() != artifact.sha256:
            message = f"image `{artifact.name}` changed while it was packaged"
            raise WorkError(message, hint=_AGAIN)
        write_if_changed(out_dir / artifact.name, content)
    write_if_changed(out_dir / INSTRUCTIONS_NAME, plan.instructions)
    write_if_changed(out_dir / RECORD_NAME, plan.record)
    return True


def apply_checksums(out_dir: Path) -> bool:
    """Write `SHA256SUMS` for the package in `out_dir` and return whether that changed it.

    Raises WorkError when a file is missing, or is not the one that `target.json` lists.
    """
    package = load_package(out_dir)
    digests = {artifact.name: artifact.sha256 for artifact in package.artifacts}
    for name in (INSTRUCTIONS_NAME, RECORD_NAME):
        digests[name] = digest_file(out_dir / name)
    return write_checksums(out_dir, digests=digests)


def load_package(out_dir: Path) -> Package:
    """Read the package in `out_dir` back, and check that its images are those it lists.

    Raises WorkError when there is none, or when it was left half made or changed since.
    """
    record = _load_record(out_dir)
    artifacts = tuple(each.artifact() for each in record.artifacts)
    for artifact in artifacts:
        if digest_file(out_dir / artifact.name) != artifact.sha256:
            message = f"`{out_dir / artifact.name}` is not the file that `{RECORD_NAME}` lists"
            raise WorkError(message, hint=_AGAIN)
    return Package(
        target=TargetId(record.target),
        out_dir=out_dir,
        format=record.image_format,
        artifacts=artifacts,
        record=_beside_artifacts(record),
    )


def _load_record(out_dir: Path) -> TargetRecord:
    file = out_dir / RECORD_NAME
    if not file.is_file():
        message = f"there is no package in `{out_dir}`"
        raise WorkError(message, hint="run `sel4build package`")
    try:
        record = parse_record(read_text(file), file=str(file))
    except InputError as error:
        message = f"`{file}` is damaged"
        raise WorkError(message, hint=_AGAIN, details=error.details) from error
    if not all(_is_plain_name(artifact.name) for artifact in record.artifacts):
        message = f"`{file}` lists files outside its folder"
        raise WorkError(message, hint=_AGAIN)
    return record


def _beside_artifacts(record: TargetRecord) -> dict[str, object]:
    table = plain_table(record)
    del table["artifacts"]
    return table


def _wanted_images(target: Target, form: ImageFormat) -> tuple[tuple[ArtifactKind, str], ...]:
    """Return kind and name of the images that a target leaves, in the order of loading."""
    kernel = target.kernel_name
    if form is not ImageFormat.MULTIBOOT or kernel is None:
        return ((ArtifactKind.IMAGE, target.image_name),)
    return (
        (ArtifactKind.KERNEL_IMAGE, kernel),
        (ArtifactKind.MULTIBOOT_MODULE, target.image_name),
    )


def _read_artifact(
    request: PackageRequest, *, kind: ArtifactKind, name: str, form: ImageFormat
) -> Artifact:
    content = _read_image(request.images_dir / name)
    facts = inspect_bytes(content, name=name)
    return Artifact(
        kind=kind,
        name=name,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        facts=check_image(facts, request.target, name=name, kind=kind, form=form),
    )


def _read_image(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else f"{error.strerror}"
        message = f"the build left no image `{file.name}`: `{file}` {reason}"
        raise WorkError(message, hint="run `sel4build build`", details=_others(file)) from error


def _others(missing: Path) -> tuple[str, ...]:
    """Say what is in the folder instead."""
    if not missing.parent.is_dir():
        return ()
    names = sorted(each.name for each in missing.parent.iterdir())
    return (f"in `{missing.parent}`: {', '.join(names) or 'nothing'}",)


def _is_laid_out(plan: PackagePlan) -> bool:
    """Tell whether the folder holds exactly this package already."""
    out_dir = plan.package.out_dir
    texts = ((RECORD_NAME, plan.record), (INSTRUCTIONS_NAME, plan.instructions))
    try:
        return all((out_dir / name).read_bytes() == text.encode() for name, text in texts) and all(
            digest_file(out_dir / artifact.name) == artifact.sha256
            for artifact in plan.package.artifacts
        )
    except (OSError, WorkError):
        return False


def _listed_images(out_dir: Path) -> set[str]:
    """Return the images that the package now in `out_dir` lists, as far as it can be read."""
    try:
        record = _load_record(out_dir)
    except Sel4BuildError:
        return set()
    return {artifact.name for artifact in record.artifacts}


def _is_plain_name(name: str) -> bool:
    return "/" not in name and "\0" not in name and name not in {"", ".", ".."}
