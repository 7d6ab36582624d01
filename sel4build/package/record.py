# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`target.json`: what a package is and what it was made from, the same for the same inputs."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sel4build.model.guest import GuestRole
from sel4build.model.image import Artifact, ArtifactKind, ImageFacts, PackageRequest
from sel4build.model.platform import ImageFormat
from sel4build.model.target import Target
from sel4build.reading import parse_json

VERSION = 1
RECORD_NAME = "target.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactRecord:
    """One image. Addresses are physical; they are left out where the form has none."""

    kind: ArtifactKind
    name: str
    size_bytes: int
    sha256: str
    format: ImageFormat
    machine: str | None = None
    word_size: int | None = None
    entry: int | None = None
    load_address: int | None = None
    multiboot_versions: tuple[int, ...] = ()
    uimage_os: str | None = None
    uimage_type: str | None = None
    can_be_jumped_to: bool = False

    @classmethod
    def of(cls, artifact: Artifact) -> "ArtifactRecord":
        """Flatten an artifact and its facts."""
        facts = {
            each.name: getattr(artifact.facts, each.name)
            for each in dataclasses.fields(artifact.facts)
        }
        return cls(
            kind=artifact.kind,
            name=artifact.name,
            size_bytes=artifact.size_bytes,
            sha256=artifact.sha256,
            **facts,
        )

    def artifact(self) -> Artifact:
        """Return the artifact again."""
        names = [each.name for each in dataclasses.fields(ImageFacts)]
        return Artifact(
            kind=self.kind,
            name=self.name,
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            facts=ImageFacts(**{name: getattr(self, name) for name in names}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRecord:
    """The whole of `target.json` beside its version. No times, no paths of the host."""

    target: str
    app: str
    platform: str
    num_nodes: int
    image_format: ImageFormat
    load_address: int | None = None
    """Where a boot loader has to put the image, when the platform demands a place."""
    lock_digest: str
    options: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    guest: Mapping[str, str] = field(default_factory=dict)
    """Files of the guest by role: the app's by path, the user's as `sha256:DIGEST`."""
    boot_first: tuple[str, ...] = ()
    """Lines for U-Boot before those of the board."""
    toolchain: Mapping[str, str] = field(default_factory=dict)
    artifacts: tuple[ArtifactRecord, ...]


def make_record(
    request: PackageRequest, *, form: ImageFormat, artifacts: tuple[Artifact, ...]
) -> TargetRecord:
    """Compose the record of a package."""
    target = request.target
    return TargetRecord(
        target=target.id.text,
        app=target.app.name,
        platform=target.platform.name,
        num_nodes=target.num_nodes,
        image_format=form,
        load_address=target.platform.image.load_address,
        lock_digest=request.lock_digest,
        options=dict(target.defines),
        variables=dict(target.variables),
        guest={str(role): source for role, source in guest_sources(target).items()},
        boot_first=target.boot_first,
        toolchain=dict(request.toolchain),
        artifacts=tuple(ArtifactRecord.of(each) for each in artifacts),
    )


def guest_sources(target: Target) -> dict[GuestRole, str]:
    """Return where each file of the guest comes from, without paths of the host."""
    replaced = target.replaced.by_role()
    sources = {
        role: f"sha256:{replaced[role].sha256}" if role in replaced else target.guest_file(role)
        for role in GuestRole
    }
    return {role: source for role, source in sources.items() if source is not None}


def render_record(record: TargetRecord) -> str:
    """Return the text of `target.json`."""
    table = {"version": VERSION, **plain_table(record)}
    return json.dumps(table, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def plain_table(record: TargetRecord | ArtifactRecord) -> dict[str, object]:
    """Return `record` as JSON takes it: kebab-case keys, nothing that has its default."""
    table: dict[str, object] = {}
    for each in dataclasses.fields(record):
        value = getattr(record, each.name)
        if value == each.default:
            continue
        if each.name == "artifacts":
            value = [plain_table(artifact) for artifact in value]
        table[each.name.replace("_", "-")] = value
    return table


def parse_record(text: str, *, file: str) -> TargetRecord:
    """Read `target.json` back; raises ProblemsError as the strict reader does."""
    return parse_json(text, file, TargetRecord, major=VERSION)
