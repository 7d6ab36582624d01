# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A manifest that cannot work: one sentence, and the folder is as it was."""

from pathlib import Path

import pytest

from sel4build.errors import ExitCode
from tests.kit.cli import BRINGUP, World
from tests.kit.git_remote import GitRemote

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]

NOBODY = "0123456789012345678901234567890123456789"
REFUSED_URL = "http://127.0.0.1:1"
MANIFEST = """\
<manifest>
  <remote name="origin" fetch="{fetch}"/>
  <default remote="{remote}" revision="{revision}"/>
  {project}
</manifest>
"""


def _manifest(
    *,
    fetch: str = "sel4build:bundled",
    remote: str = "origin",
    revision: str = "main",
    project: str = '<project name="bringup" path="projects/bringup"/>',
) -> str:
    return MANIFEST.format(fetch=fetch, remote=remote, revision=revision, project=project)


def _refused(
    world: World, folder: Path, text: str, code: ExitCode, *naming: str, manifest: str = "m.xml"
) -> str:
    """Assert how `init` with the manifest is refused, and return all that it says."""
    (folder / "m.xml").write_text(text)
    before = sorted(folder.rglob("*"))
    done = world.run("init", *BRINGUP, "--manifest", manifest, "new/w", cwd=folder)
    done.failed(code, *naming)
    assert sorted(folder.rglob("*")) == before
    (folder / "there").mkdir()
    done = world.run("init", *BRINGUP, "--manifest", f"../{manifest}", cwd=folder / "there")
    if "://" not in manifest:
        done.failed(code, *naming)
    assert list((folder / "there").iterdir()) == []
    return done.stderr


@pytest.mark.parametrize(
    ("text", "naming", "place"),
    [
        ("<manifest>\n<project></manifest>", "m.xml", "m.xml:2:12"),
        (_manifest(project=""), "m.xml", "m.xml: the manifest names no project"),
        (_manifest(remote="orgin"), "m.xml", "`orgin`"),
        (_manifest().replace(' revision="main"', ""), "m.xml", "revision"),
        (
            _manifest(project='<project name="bringup" path="../out"/>'),
            "m.xml",
            "m.xml:4:3: attribute `path`: path '../out' contains",
        ),
        (
            _manifest(project='<project name="bringup" path="a/.git"/>'),
            "m.xml",
            "m.xml:4:3: attribute `path`: path 'a/.git' contains",
        ),
    ],
    ids=["malformed", "no-project", "unknown-remote", "no-revision", "escaping", "git-folder"],
)
def test_a_manifest_that_is_wrong_is_refused_with_the_place(
    world: World, tmp_path: Path, text: str, naming: str, place: str
) -> None:
    said = _refused(world, tmp_path, text, ExitCode.INVALID, naming)
    assert place in said


@pytest.mark.parametrize("revision", ["main", NOBODY], ids=["branch", "commit"])
@pytest.mark.parametrize("where", ["file", "http"])
def test_a_remote_that_cannot_be_reached_is_named(
    world: World, tmp_path: Path, where: str, revision: str
) -> None:
    fetch = REFUSED_URL if where == "http" else f"file://{tmp_path}/nowhere"
    text = _manifest(fetch=fetch, revision=revision)
    naming = ("`bringup`", f"`{fetch}/bringup`", f"`{revision}`")
    assert "check the URL" in _refused(world, tmp_path, text, ExitCode.ENVIRONMENT, *naming)


def test_a_manifest_repository_that_cannot_be_reached_is_named(
    world: World, tmp_path: Path
) -> None:
    url = f"{REFUSED_URL}/m.git"
    world.run("init", *BRINGUP, "--manifest", url, "w", cwd=tmp_path).failed(
        ExitCode.ENVIRONMENT, f"`{url}`"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("revision", [NOBODY, "no-such-branch"])
def test_a_revision_that_does_not_exist_is_named(
    world: World, tmp_path: Path, revision: str
) -> None:
    remote = GitRemote.create(tmp_path / "remotes" / "bringup")
    remote.commit({"README": "hello"})
    fetch = f"file://{tmp_path}/remotes"
    text = _manifest(fetch=fetch, revision=revision)
    _refused(world, tmp_path, text, ExitCode.INVALID, "`bringup`", f"`{revision}`")


def test_a_corrected_manifest_is_read_anew(world: World, tmp_path: Path) -> None:
    _refused(world, tmp_path, _manifest(revision=NOBODY), ExitCode.INVALID, NOBODY)
    link = '<linkfile src="easy-settings.cmake" dest="easy-settings.cmake"/>'
    project = f'<project name="bringup" path="projects/bringup">{link}</project>'
    (tmp_path / "m.xml").write_text(_manifest(project=project))
    world.run("init", *BRINGUP, "--manifest", "m.xml", "new/w", cwd=tmp_path).ok()


def test_one_remote_of_several_that_fails_leaves_the_others_synced(
    world: World, tmp_path: Path
) -> None:
    other = f'<project name="{tmp_path.name}" path="projects/other" remote="other"/>'
    text = _manifest(project='<project name="bringup" path="projects/bringup"/>\n' + other).replace(
        "<default", '<remote name="other" fetch="file:///nowhere"/>\n<default'
    )
    text = text.replace('path="projects/other"', f'path="projects/other" revision="{NOBODY}"')
    (tmp_path / "m.xml").write_text(text)
    argv = ("init", *BRINGUP, "--manifest", "m.xml", "w")
    done = world.run(*argv, cwd=tmp_path)
    done.failed(ExitCode.ENVIRONMENT, "(projects/other)", "`file:///nowhere/")
    assert (tmp_path / "w" / "projects" / "bringup" / "README.md").is_file()
    done = world.run("sync", cwd=tmp_path / "w")
    done.failed(ExitCode.ENVIRONMENT, "(projects/other)")


def test_a_manifest_of_another_kind_of_project_is_refused_after_the_sync(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "m.xml").write_text(_manifest())
    done = world.run("init", *BRINGUP, "--manifest", "m.xml", "w", cwd=tmp_path)
    done.failed(ExitCode.ENVIRONMENT, "`easy-settings.cmake`")
