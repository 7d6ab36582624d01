# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`sel4build.toml`: the manifest and the targets that the user of a workspace wants."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sel4build.errors import InputError, ProblemsError, Span
from sel4build.lock.file import check_origin, render_origin
from sel4build.model.lock import ManifestOrigin
from sel4build.model.signatures import SignaturePolicy
from sel4build.model.workspace import WantedTarget, Workspace, WorkspaceSpec
from sel4build.reading import parse_toml, read_text
from sel4build.writing import render_toml_string, write_if_changed

_HEADER = """\
# What is wanted of this workspace. Edit it, or let `sel4build init` add to it.
version = 1
"""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SpecTable:
    manifest: ManifestOrigin
    data_dirs: tuple[str, ...] = ()
    target: tuple[WantedTarget, ...] = ()
    signatures: SignaturePolicy | None = None


def read_spec(workspace: Workspace) -> WorkspaceSpec:
    """Return what `sel4build.toml` says.

    Raises InputError when there is none, and ProblemsError with all that is wrong in it.
    """
    if not workspace.spec_file.is_file():
        message = f"`{workspace.root}` is not a workspace: it has no `{workspace.spec_file.name}`"
        hint = "make one: `sel4build init --app APP --platform PLATFORM`"
        raise InputError(message, hint=hint)
    return parse_spec(read_text(workspace.spec_file), str(workspace.spec_file))


def parse_spec(text: str, file: str) -> WorkspaceSpec:
    """Return what `text` spells, or raise ProblemsError with all that is wrong."""
    table = parse_toml(text, file, _SpecTable)
    problems = tuple(_check(table, file))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise ProblemsError(f"`{file}` has {count}", problems)
    return WorkspaceSpec(
        manifest=table.manifest,
        data_dirs=table.data_dirs,
        targets=table.target,
        signatures=table.signatures,
    )


def render_spec(spec: WorkspaceSpec) -> str:
    """Return the text of `sel4build.toml`; reading it gives the same value.

    Credentials in the URL of the manifest are left out: the file is meant to be committed.
    """
    head = _HEADER
    if spec.data_dirs:
        head += f"data-dirs = {_array(spec.data_dirs)}\n"
    blocks = [head, "\n".join(render_origin(spec.manifest)) + "\n"]
    if spec.signatures is not None:
        blocks.append("\n".join(_signature_lines(spec.signatures)) + "\n")
    blocks += ["\n".join(_target_lines(each)) + "\n" for each in spec.targets]
    return "\n".join(blocks)


def write_spec(spec: WorkspaceSpec, workspace: Workspace) -> bool:
    """Write `sel4build.toml` and return whether it changed."""
    return write_if_changed(workspace.spec_file, render_spec(spec))


def _signature_lines(policy: SignaturePolicy) -> Iterator[str]:
    yield "[signatures]"
    if policy.unsigned:
        yield f"unsigned = {_array(policy.unsigned)}"
    if policy.unsigned_manifest:
        yield "unsigned-manifest = true"
    for key, value in (
        ("allowed-signers", policy.allowed_signers),
        ("gpg-home", policy.gpg_home),
    ):
        if value is not None:
            yield f"{key} = {render_toml_string(value)}"


def _array(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(render_toml_string, values))}]"


def _target_lines(target: WantedTarget) -> Iterator[str]:
    yield "[[target]]"
    yield f"app = {render_toml_string(target.app)}"
    yield f"platform = {render_toml_string(target.platform)}"
    if target.num_nodes != 1:
        yield f"num-nodes = {target.num_nodes}"
    if target.toolchain is not None:
        yield f"toolchain = {render_toml_string(target.toolchain)}"
    if target.allow_broken:
        yield "allow-broken = true"
    if target.options:
        yield f"options = {_inline_table(target.options)}"
    if target.defines:
        yield f"defines = {_inline_table(target.defines)}"
    if target.guest.by_role():
        files = (
            f"{role} = {_inline_table({'path': file.path, 'sha256': file.sha256})}"
            for role, file in target.guest.by_role().items()
        )
        yield f"guest = {{ {', '.join(files)} }}"


def _inline_table(values: Mapping[str, str]) -> str:
    pairs = ", ".join(
        f"{_key(name)} = {render_toml_string(values[name])}" for name in sorted(values)
    )
    return f"{{ {pairs} }}"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else render_toml_string(name)


def _check(table: _SpecTable, file: str) -> Iterator[tuple[Span | None, str]]:
    yield from check_origin(table.manifest, Span(file=file, key="manifest"))
    seen: set[str] = set()
    for index, target in enumerate(table.target):
        id_ = target.id.text
        if id_ in seen:
            yield Span(file=file, key=f"target[{index}]"), f"target `{id_}` is there twice"
        seen.add(id_)
