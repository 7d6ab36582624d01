# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""`tools`: an environment from a locked wheel, and a ready-made tool for the same sources alone."""

import base64
import hashlib
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from sel4build.api.context import Context
from sel4build.api.equipping import give_ready_tools
from sel4build.catalog.host import load_host_data
from sel4build.configure.ready import memo_file
from sel4build.errors import ExitCode
from tests.kit.cli import World
from tests.kit.configurations import write_program
from tests.kit.git_remote import run_git

pytestmark = [pytest.mark.tools, pytest.mark.timeout(120)]

WORKING = """for word; do case "$word" in --code=*) echo CDL_Notification > "${word#--code=}";; esac; done
test -s trial.cdl -a -s sizes.yaml"""


def _wheel(folder: Path) -> str:
    """Write a wheel of one module and return its sha256."""
    folder.mkdir()
    files = {
        "acme_snake.py": b"LENGTH_M = 3\n",
        "acme_snake-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: acme-snake\nVersion: 1.0\n",
        "acme_snake-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\n"
        b"Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode().rstrip('=')}"
        f",{len(text)}\n"
        for name, text in files.items()
    )
    wheel = folder / "acme_snake-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("acme_snake-1.0.dist-info/RECORD", record)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def _data(folder: Path, digest: str) -> Path:
    """Write a data folder where the packages of CAmkES are one snake."""
    (folder / "host").mkdir(parents=True)
    (folder / "host" / "snake.lock.txt").write_text(f"acme-snake==1.0 --hash=sha256:{digest}\n")
    (folder / "host" / "tools.toml").write_text(
        'version = 1\n[[tools]]\nname = "camkes-python"\nsummary = "a snake"\n'
        'modules = ["acme_snake"]\nlocks = ["snake.lock.txt"]\n'
    )
    return folder


@pytest.fixture
def offline(world: World, tmp_path: Path) -> World:
    """A world whose package index is a folder."""
    return world.having(
        PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(tmp_path / "wheels"),
        PIP_CONFIG_FILE=os.devnull,
        XDG_CACHE_HOME=str(tmp_path / "cache"),
    )


def test_locked_packages_get_an_environment_of_their_own(offline: World, tmp_path: Path) -> None:
    data = _data(tmp_path / "data", _wheel(tmp_path / "wheels"))
    words = ("--data-dir", str(data), "tools")
    listed = offline.run(*words, "list", "--json", cwd=tmp_path).ok().object("tools-list")
    assert listed["tools"][0]["state"] == "not made"
    assert offline.run(*words, "path", cwd=tmp_path).ok().stdout == "\n"
    done = offline.run(*words, "install", "--json", cwd=tmp_path).ok()
    (folder,) = done.object("tools-install")["folders"]
    asked = (f"{folder}/bin/python3", "-c", "import acme_snake; print(acme_snake.LENGTH_M)")
    assert subprocess.run(asked, check=True, capture_output=True, text=True).stdout == "3\n"
    again = offline.run(*words, "install", cwd=tmp_path).ok()
    assert "install" not in again.stderr
    assert offline.run(*words, "path", cwd=tmp_path).ok().stdout == f"{folder}/bin\n"
    old = offline.run("tools", "list", cwd=tmp_path).ok().stdout
    assert "Python packages of another lock" in old
    gone = offline.run(*words, "remove", "camkes-python", cwd=tmp_path).ok()
    assert gone.stdout == f"removed {folder}\n"
    assert not Path(folder).exists()
    assert offline.run(*words, "remove", "camkes-python", cwd=tmp_path).ok().stdout == (
        "nothing to remove\n"
    )


def test_a_package_of_another_hash_is_refused(offline: World, tmp_path: Path) -> None:
    _wheel(tmp_path / "wheels")
    data = _data(tmp_path / "data", "0" * 64)
    done = offline.run("--data-dir", str(data), "tools", "install", cwd=tmp_path)
    done.failed(ExitCode.ENVIRONMENT, "a snake could not be installed")
    assert "HASHES" in done.stderr.upper()
    listed = offline.run("--data-dir", str(data), "tools", "list", cwd=tmp_path).ok().stdout
    assert "not made" in listed


def test_without_an_index_the_package_that_lacks_is_named(offline: World, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    data = _data(tmp_path / "data", "0" * 64)
    done = offline.run("--data-dir", str(data), "tools", "install", cwd=tmp_path)
    done.failed(ExitCode.ENVIRONMENT, "a snake could not be installed")
    assert "acme-snake==1.0" in done.stderr
    assert "where the package index can be reached" in done.stderr


def test_doctor_fix_makes_the_environment(offline: World, tmp_path: Path) -> None:
    data = _data(tmp_path / "data", _wheel(tmp_path / "wheels"))
    words = ("--data-dir", str(data), "doctor", "--app", "vm_minimal", "--platform", "tk1")
    before = offline.run(*words, cwd=tmp_path).stdout
    assert "missing  a snake: `python3` lacks acme_snake" in before
    assert "found    a snake: ours, " in offline.run(*words, "--fix", cwd=tmp_path).stdout


def test_a_tool_that_does_not_work_is_refused(offline: World, tmp_path: Path) -> None:
    write_program(tmp_path / "idle", "exit 0")
    write_program(tmp_path / "broken", "echo bad library; exit 3")
    (tmp_path / "text").write_text("hello")
    for name, says in (
        ("idle", "made no code"),
        ("broken", "status 3"),
        ("text", "cannot be run"),
    ):
        done = offline.run("tools", "add", "parse-capDL", name, cwd=tmp_path)
        done.failed(ExitCode.ENVIRONMENT, says)
    done = offline.run("tools", "add", "parse-capDL", "gone", cwd=tmp_path)
    done.failed(ExitCode.INVALID, "does not exist")
    done = offline.run("tools", "add", "parse-capDL", ".", cwd=tmp_path)
    done.failed(ExitCode.INVALID, "is no file")
    done = offline.run("tools", "add", "parse-capDL", "idle", "--commit", "abc", cwd=tmp_path)
    done.failed(ExitCode.INVALID, "`abc`")
    for words in (("add", "hammer", "idle"), ("remove", "hammer")):
        done = offline.run("tools", *words, cwd=tmp_path)
        done.failed(ExitCode.INVALID, "`hammer`")
    assert "`parse-capDL`" in done.stderr


def _commit(root: Path, name: str, text: str) -> str:
    """Commit a file of project capdl and return the commit."""
    project = root / "projects" / "capdl"
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text(text)
    if not (project / ".git").exists():
        run_git("init", "--quiet", cwd=project)
    run_git("add", "--all", cwd=project)
    run_git("commit", "--quiet", "--message", f"{name}: {text}", cwd=project)
    return run_git("rev-parse", "HEAD", cwd=project).strip()


def test_a_ready_tool_is_given_to_workspaces_with_the_same_sources_alone(
    offline: World, tmp_path: Path
) -> None:
    root = tmp_path / "w"
    _commit(root, "other/file", "1")
    first = _commit(root, "capDL-tool/Main.hs", "main")
    (root / "sel4build.toml").write_text('version = 1\n[manifest]\nname = "bringup"\n')
    write_program(tmp_path / "parse-capDL", WORKING)
    done = offline.run("tools", "add", "parse-capDL", str(tmp_path / "parse-capDL"), cwd=root)
    kept = done.ok().stdout.removeprefix("parse-capDL is kept in ").strip()
    assert Path(kept).read_text() == (tmp_path / "parse-capDL").read_text()
    memo = tmp_path / "memo"
    context = Context(environ=offline.environ, cwd=root)

    def given(commit: str) -> bool:
        give_ready_tools(context, load_host_data(), root, (memo,))
        return memo_file(memo, "capDL-tool", commit).is_file()

    assert given(first)
    with tarfile.open(memo_file(memo, "capDL-tool", first)) as archive:
        assert archive.getnames() == ["parse-capDL"]
    # Another commit with the same folder of the tool is served; one that changes it is not.
    assert given(_commit(root, "other/file", "2"))
    assert not given(_commit(root, "capDL-tool/Main.hs", "changed"))
    _commit(root, "capDL-tool/Main.hs", "main")
    (root / "projects" / "capdl" / "other" / "file").write_text("edited")
    refused = offline.run("tools", "add", "parse-capDL", str(tmp_path / "parse-capDL"), cwd=root)
    refused.failed(ExitCode.INVALID, "changed files", "other/file")


def test_outside_of_a_workspace_the_commit_is_that_of_the_shipped_lock(
    offline: World, tmp_path: Path
) -> None:
    write_program(tmp_path / "parse-capDL", WORKING)
    done = offline.run("tools", "add", "parse-capDL", "parse-capDL", cwd=tmp_path).ok()
    assert "of `projects/capdl`, as locked" in done.stderr
    said = ("tools", "add", "parse-capDL", "parse-capDL", "--commit", "e" * 40)
    assert "e" * 40 in offline.run(*said, cwd=tmp_path).ok().stdout
    rows = offline.run("tools", "list", "--json", cwd=tmp_path).ok().object("tools-list")["tools"]
    assert [each["state"] for each in rows if each["name"] == "parse-capDL"] == ["added", "added"]
    found = offline.run("doctor", "--app", "vm_minimal", "--platform", "tk1", cwd=tmp_path).stdout
    assert "if it is of the commit that will be there" in found
    assert (
        offline.run("tools", "remove", "parse-capDL", cwd=tmp_path).ok().stdout.count("removed")
        == 2
    )
