# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Ready-made tools: for which sources they stand, and how upstream's memo is filled."""

import hashlib
import tarfile
from pathlib import Path

from sel4build.configure.ready import (
    ReadyTool,
    ToolSources,
    add_ready_tool,
    fill_memo,
    memo_file,
    ready_tools,
    remove_ready_tools,
)

COMMIT, OTHER, TREE = "a" * 40, "b" * 40, "c" * 40


def _tool(folder: Path, sources: ToolSources) -> ReadyTool:
    file = folder / "given"
    file.write_bytes(b"#!/bin/sh\n")
    return add_ready_tool("tool", file, sources, folder / "cache")


def test_a_tool_serves_the_commit_and_every_commit_with_the_same_folder(tmp_path: Path) -> None:
    tool = _tool(tmp_path, ToolSources(commit=COMMIT, tree=TREE))
    assert tool.serves(ToolSources(commit=COMMIT, tree="d" * 40))
    assert tool.serves(ToolSources(commit=OTHER, tree=TREE))
    assert not tool.serves(ToolSources(commit=OTHER, tree="d" * 40))
    unknown = _tool(tmp_path, ToolSources(commit=COMMIT))
    assert not unknown.serves(ToolSources(commit=OTHER))


def test_the_memo_is_where_upstream_looks_and_holds_the_tool_alone(tmp_path: Path) -> None:
    tool = _tool(tmp_path, ToolSources(commit=COMMIT))
    file = memo_file(tmp_path / "memo", "capDL-tool", COMMIT)
    digest = hashlib.md5(COMMIT.encode(), usedforsecurity=False).hexdigest()
    assert file == tmp_path / "memo" / "capDL-tool" / digest / "code.tar.gz"
    fill_memo(tool, file)
    content = file.read_bytes()
    with tarfile.open(file) as archive:
        (member,) = archive.getmembers()
        assert (member.name, member.mode, member.mtime) == ("tool", 0o755, 0)
        extracted = archive.extractfile(member)
        assert extracted is not None
        assert extracted.read() == b"#!/bin/sh\n"
    fill_memo(tool, file)
    assert file.read_bytes() == content


def test_a_tool_that_was_changed_since_is_none(tmp_path: Path) -> None:
    tool = _tool(tmp_path, ToolSources(commit=COMMIT, tree=TREE))
    assert list(ready_tools("tool", tmp_path / "cache")) == [tool]
    tool.file.write_bytes(b"damaged")
    assert list(ready_tools("tool", tmp_path / "cache")) == []
    (tool.file.parent / "tool.json").write_text("nonsense")
    assert list(ready_tools("tool", tmp_path / "cache")) == []


def test_what_was_added_can_be_removed(tmp_path: Path) -> None:
    tool = _tool(tmp_path, ToolSources(commit=COMMIT))
    assert remove_ready_tools("tool", tmp_path / "cache") == (tool.file,)
    assert remove_ready_tools("tool", tmp_path / "cache") == ()
    assert not tool.file.exists()
