# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Bad manifests and what is said of them: `manifest/NAME.xml` beside `manifest/NAME.error`.

Good ones and what they come to: `resolved/NAME.xml` beside `resolved/NAME.expected`. Those of which
something is passed over: `warned/NAME.xml` beside `warned/NAME.expected`.

A case is added by adding the two files. With SEL4BUILD_UPDATE_GOLDEN=1 in the environment the
expected texts are written anew; look at the difference before it is committed.
"""

import os
from pathlib import Path

import pytest

from sel4build.errors import ExitCode, ProblemsError
from sel4build.manifest import ManifestFiles, load_manifest
from sel4build.manifest.render import render_manifest

_FOLDER = Path(__file__).parent / "manifest"
_BAD = sorted(_FOLDER.glob("*.xml"))
_GOOD = sorted((_FOLDER.parent / "resolved").glob("*.xml"))
_WARNED = sorted((_FOLDER.parent / "warned").glob("*.xml"))
_UPDATES = os.environ.get("SEL4BUILD_UPDATE_GOLDEN") == "1"


@pytest.mark.parametrize("path", _BAD, ids=lambda path: path.stem)
def test_each_bad_manifest_is_refused_as_expected(path: Path) -> None:
    url = "https://example.com/org/manifest.git"
    files = ManifestFiles(root_dir=_FOLDER, file=path.name, url=url, shown_dir="")

    with pytest.raises(ProblemsError) as caught:
        load_manifest(files)

    text = "\n".join([caught.value.message, *caught.value.details]) + "\n"
    expected = path.with_suffix(".error")
    if _UPDATES:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
    assert caught.value.exit_code is ExitCode.INVALID


@pytest.mark.parametrize("path", _GOOD, ids=lambda path: path.stem)
def test_each_good_manifest_comes_to_what_is_expected(path: Path) -> None:
    url = "https://example.com/org/manifest.git"
    files = ManifestFiles(root_dir=path.parent, file=path.name, url=url, shown_dir="")

    manifest = load_manifest(files, groups=("all",))

    assert manifest.warnings == () or path.stem == "slashes"
    text = render_manifest(manifest)
    text += "".join(f"<!-- {each.path} {each.url} -->\n" for each in manifest.projects)
    expected = path.with_suffix(".expected")
    if _UPDATES:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", _WARNED, ids=lambda path: path.stem)
def test_what_is_passed_over_is_said_and_the_rest_is_read(path: Path) -> None:
    url = "https://example.com/org/manifest.git"
    files = ManifestFiles(root_dir=path.parent, file=path.name, url=url, shown_dir="")

    manifest = load_manifest(files)

    said = [*manifest.warnings, *([manifest.lack] if manifest.lack else [])]
    text = "".join(f"{span}: {warning}\n" for span, warning in said) + render_manifest(manifest)
    expected = path.with_suffix(".expected")
    if _UPDATES:
        expected.write_text(text, encoding="utf-8")
    assert said
    assert text == expected.read_text(encoding="utf-8")


def test_there_are_manifests_and_no_expected_text_lacks_its_manifest() -> None:
    assert len(_BAD) >= 30
    assert len(_GOOD) >= 10
    assert {each.stem for each in _FOLDER.glob("*.error")} == {each.stem for each in _BAD}
    expected = (_FOLDER.parent / "resolved").glob("*.expected")
    assert {each.stem for each in expected} == {each.stem for each in _GOOD}
    expected = (_FOLDER.parent / "warned").glob("*.expected")
    assert {each.stem for each in expected} == {each.stem for each in _WARNED}
