# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What a shell is told to complete, and how the words of options are read."""

import pytest
import typer

from sel4build.cli.app import app
from sel4build.cli.choosing import (
    complete_app,
    complete_ci_build,
    complete_option,
    complete_platform,
    read_define,
    read_option,
    require_choice,
)
from sel4build.errors import UsageError


def _context(**params: str | None) -> typer.Context:
    context = typer.Context(typer.main.get_command(app))
    context.params = dict(params)
    return context


def _words(found: list[tuple[str, str]]) -> list[str]:
    return [word for word, _ in found]


def test_apps_and_ci_builds_begin_as_typed() -> None:
    assert _words(complete_app("vm_m")) == ["vm_minimal", "vm_multi"]
    assert _words(complete_ci_build("vm_minimal_smp_T")) == [
        "vm_minimal_smp_TX1",
        "vm_minimal_smp_TX2",
    ]


def test_platforms_are_those_of_the_app() -> None:
    assert _words(complete_platform(_context(app="vm_virtio_net"), "")) == [
        "exynos5422",
        "tx2",
        "zcu102",
    ]
    assert "ultra96v2" in _words(complete_platform(_context(app=None), "u"))


def test_options_are_those_with_an_effect() -> None:
    on_tk1 = _context(app="vm_minimal", platform="tk1")
    assert {"insecure", "rootfs="} <= set(_words(complete_option(on_tk1, "")))
    on_tx2 = _context(app="vm_minimal", platform="tx2")
    assert not {"insecure", "rootfs="} & set(_words(complete_option(on_tx2, "")))


def test_values_follow_the_name() -> None:
    on_tk1 = _context(app="vm_minimal", platform="tk1")
    assert _words(complete_option(on_tk1, "rootfs=")) == ["rootfs=initrd", "rootfs=mmcblk0p2"]
    assert _words(complete_option(on_tk1, "insecure=o")) == ["insecure=off", "insecure=on"]


def test_without_an_app_every_option_is_offered() -> None:
    assert {"ping", "insecure", "image-form="} <= set(_words(complete_option(_context(), "")))


def test_words_are_split_at_the_first_equals_sign() -> None:
    assert read_option("rootfs=a=b") == ("rootfs", "a=b")
    assert read_option("insecure") == ("insecure", None)
    assert read_option("insecure=") == ("insecure", "")
    assert read_define("A=b=c") == ("A", "b=c")
    with pytest.raises(UsageError, match="has no value"):
        read_define("A")


def test_something_has_to_name_the_app() -> None:
    require_choice(None, None, ("-DCAMKES_VM_APP=a",))
    require_choice("a", None, ())
    require_choice(None, "a", ())
    with pytest.raises(UsageError, match="no app is named"):
        require_choice(None, None, ("-DPLATFORM=tx2",))
