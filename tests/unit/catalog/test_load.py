# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
from pathlib import Path

import pytest

from sel4build.catalog import load_catalog
from sel4build.errors import ProblemsError
from tests.kit.catalogs import APP, BOARD, FILES, join_roots, write_catalog

TOOLCHAIN = """\
version = 1
name = "cc1"
summary = "a compiler"
rank = 1
compiler = "cc"
version-argv = ["--version"]
install = "apt-get install cc"
variables = {}
archs = []
"""


def problems_of(folder: Path, changes: dict[str, str]) -> list[str]:
    roots = write_catalog(folder, {**FILES, **changes})
    with pytest.raises(ProblemsError) as caught:
        load_catalog(roots=roots)
    return list(caught.value.details)


def test_a_small_catalogue_is_loaded(tmp_path: Path) -> None:
    catalog = load_catalog(roots=write_catalog(tmp_path))
    assert [each.name for each in catalog.platforms] == ["board1"]
    (app,) = catalog.apps
    assert app.platforms[0].console.success == ("login:",)
    assert app.needs_virtualization
    assert catalog.notes == ()


def test_an_app_may_lie_at_the_top_and_files_beside_apps_are_left_alone(tmp_path: Path) -> None:
    files = {"apps/app2/app.toml": APP.format(name="app2"), "apps/Arm/README/x": "", "apps/y": ""}
    catalog = load_catalog(roots=write_catalog(tmp_path, {**FILES, **files}))
    assert [each.name for each in catalog.apps] == ["app1", "app2"]


def test_an_app_takes_from_its_families_what_it_does_not_say(tmp_path: Path) -> None:
    files = {
        "apps/family.toml": 'version = 1\nmanaged = { A = "no", B = "no" }\n',
        "apps/base.family.toml": (
            'version = 1\nmanifest = "m"\nrootserver = "r"\nforced = { F = "1", G = "1" }\n'
            'console = { errors = ["E"], timeout-s = 7 }\n'
        ),
        "apps/Arm/family.toml": (
            'version = 1\nextends = "base"\nforced = { G = "2" }\nmanaged = { B = "yes" }\n'
            '[[archs]]\nsel4-arch = "aarch64"\nforced = { H = "64" }\n'
            '[[archs]]\nsel4-arch = "arm_hyp"\nforced = { H = "32" }\n'
        ),
        "apps/Arm/app1/app.toml": (
            'version = 1\nname = "app1"\nsummary = "s"\nnum-vms = 0\nforced = { I = "3" }\n'
            'console = { success = ["ok"] }\n[[platforms]]\nplatform = "board1"\n'
        ),
    }
    (app,) = load_catalog(roots=write_catalog(tmp_path, {**FILES, **files})).apps
    assert (app.manifest, app.rootserver) == ("m", "r")
    assert app.forced == {"F": "1", "G": "2", "I": "3"}
    assert app.managed == {"A": "no", "B": "yes"}
    assert app.platforms[0].forced == {"H": "64"}
    assert app.platforms[0].console.errors == ("E",)
    assert app.platforms[0].console.timeout_s == 7
    assert not app.needs_virtualization
    assert str(app.spans["managed.A"]) == "apps/family.toml:2:13: managed.A"
    assert str(app.spans["forced.I"]) == "apps/Arm/app1/app.toml:5:12: forced.I"


def test_a_problem_of_a_family_is_told_once_however_many_apps_it_has(tmp_path: Path) -> None:
    changes = {
        "apps/Arm/family.toml": 'version = 1\nextends = "none"\n',
        "apps/Arm/app2/app.toml": APP.format(name="app2"),
    }
    assert len(problems_of(tmp_path, changes)) == 1


def test_a_star_means_every_platform_that_is_not_named(tmp_path: Path) -> None:
    app = APP.format(name="app1") + 'success = ["special"]\n[[platforms]]\nplatform = "*"\n'
    files = {
        "apps/Arm/app1/app.toml": app,
        "platforms/board2.toml": BOARD.format(name="board2"),
    }
    (loaded,) = load_catalog(roots=write_catalog(tmp_path, {**FILES, **files})).apps
    success = {each.platform: each.console.success for each in loaded.platforms}
    assert success == {"board1": ("special",), "board2": ("login:",)}


def test_an_overlay_adds_and_what_it_replaces_is_said(tmp_path: Path) -> None:
    ours = write_catalog(tmp_path / "ours")
    theirs = write_catalog(
        tmp_path / "theirs",
        {
            "platforms/board1.toml": BOARD.format(name="board1").replace("Acme", "Better"),
            "platforms/board2.toml": BOARD.format(name="board2"),
            "apps/Arm/app1/app.toml": APP.format(name="app1"),
            "apps/family.toml": "version = 1\n",
        },
    )
    catalog = load_catalog(roots=join_roots(ours, theirs))
    assert [each.title for each in catalog.platforms] == ["Better board", "Acme board"]
    folder = tmp_path / "theirs"
    assert catalog.notes == (
        (
            f"platform `board1`: {folder}/platforms/board1.toml takes the place of"
            " platforms/board1.toml"
        ),
        f"app `app1`: {folder}/apps/Arm/app1/app.toml takes the place of apps/Arm/app1/app.toml",
    )


def test_an_overlay_may_replace_the_family_of_all_apps(tmp_path: Path) -> None:
    family = {"apps/family.toml": 'version = 1\nmanaged = { A = "no" }\n'}
    ours = write_catalog(tmp_path / "ours", {**FILES, **family})
    theirs = write_catalog(tmp_path / "theirs", {"apps/family.toml": "version = 1\n"})
    catalog = load_catalog(roots=join_roots(ours, theirs))
    assert catalog.apps[0].managed == {}
    assert catalog.notes[0].startswith("family: ")


def test_a_user_overlay_is_found_by_its_folder(tmp_path: Path) -> None:
    files = {"platforms/acme1.toml": BOARD.format(name="acme1")}
    write_catalog(tmp_path, files)
    assert load_catalog([tmp_path]).platform("acme1") is not None


def test_the_digest_follows_the_contents_and_not_the_folder(tmp_path: Path) -> None:
    first = load_catalog(roots=write_catalog(tmp_path / "1"))
    second = load_catalog(roots=write_catalog(tmp_path / "2"))
    changed = {**FILES, "platforms/board1.toml": FILES["platforms/board1.toml"] + "\n"}
    third = load_catalog(roots=write_catalog(tmp_path / "3", changed))
    assert first.digest == second.digest != third.digest


def test_toolchains_come_in_the_order_in_which_they_are_tried(tmp_path: Path) -> None:
    files = {
        "toolchains/aa.toml": TOOLCHAIN.replace("cc1", "aa").replace("rank = 1", "rank = 2"),
        "toolchains/cc1.toml": TOOLCHAIN,
    }
    catalog = load_catalog(roots=write_catalog(tmp_path, {**FILES, **files}))
    assert [each.name for each in catalog.toolchains] == ["cc1", "aa"]


def test_problems_of_all_files_come_together(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path,
        {
            "platforms/board1.toml": "version = 1\nnam = 1\n",
            "apps/Arm/app1/app.toml": "version = 1\n",
            "apps/Arm/family.toml": "version = 1\nx = 1",
            "toolchains/cc1.toml": "version = 9",
        },
    )
    files = {each.partition(".toml")[0] for each in problems}
    assert files == {"platforms/board1", "apps/Arm/app1/app", "apps/Arm/family", "toolchains/cc1"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"platforms/other.toml": BOARD.format(name="board3")},
            "platforms/other.toml: the name is `board3`, but the file is called `other`",
        ),
        (
            {"platforms/a b.toml": BOARD.format(name="a b")},
            "'a b' is no name: it takes letters, digits",
        ),
        (
            {"apps/x86/app1/app.toml": APP.format(name="app1")},
            "apps/x86/app1/app.toml: app `app1` is also in apps/Arm/app1/app.toml",
        ),
        (
            {"apps/Arm/app1/app.toml": APP.format(name="app1").replace("board1", "bord1")},
            (
                "apps/Arm/app1/app.toml:14:1: platforms[0]: unknown platform `bord1`;"
                " did you mean `board1`?"
            ),
        ),
        (
            {
                "apps/Arm/app1/app.toml": APP.format(name="app1")
                + '[[platforms]]\nplatform = "board1"\n'
            },
            "apps/Arm/app1/app.toml:16:1: platforms[1]: platform `board1` is named twice",
        ),
        (
            {"apps/Arm/app1/app.toml": APP.format(name="app1").replace("{app}", "{ap}")},
            "apps/Arm/app1/app.toml:7:15: variables.APP: template '{ap}' may only hold",
        ),
        (
            {"apps/Arm/app1/app.toml": APP.format(name="app1").replace("{app}", "{app")},
            "template '{app' is not valid",
        ),
        (
            {"apps/Arm/app1/app.toml": APP.format(name="app1").replace("{app}", "{app!r}")},
            "template '{app!r}' may only hold",
        ),
        (
            {"apps/Arm/app1/app.toml": APP.format(name="app1").replace('manifest = "acme"', "")},
            "apps/Arm/app1/app.toml: key `manifest` is missing, and no family of the app has it",
        ),
        (
            {
                "apps/Arm/app1/app.toml": APP.format(name="app1").replace(
                    'success = ["login:"]\n', ""
                )
            },
            "app `app1` has no success marker on platform `board1`",
        ),
        (
            {
                "apps/Arm/app1/app.toml": APP.format(name="app1").replace(
                    "num-vms = 1", "num-vms = 1\nnum-nodes = 3"
                )
            },
            "apps/Arm/app1/app.toml:7:1: num-nodes: platform `board1` has 1 to 2 nodes",
        ),
        (
            {
                "apps/Arm/app1/app.toml": APP.format(name="app1").replace(
                    "num-vms = 1", 'num-vms = 1\nrelated = ["app2"]'
                )
            },
            "related: unknown app `app2`; did you mean `app1`?",
        ),
        (
            {
                "apps/Arm/app1/app.toml": APP.format(name="app1")
                + '[[platforms.variants]]\noption = "X"\nvalue = "ON"\n'
            },
            "platforms[0].variants[0]: app `app1` has no option `X`",
        ),
        (
            {"apps/Arm/family.toml": 'version = 1\nextends = "none"\n'},
            "apps/Arm/family.toml:2:1: extends: `none.family.toml` does not exist",
        ),
        (
            {
                "apps/Arm/family.toml": 'version = 1\nextends = "a"\n',
                "apps/a.family.toml": 'version = 1\nextends = "b"\n',
                "apps/b.family.toml": 'version = 1\nextends = "a"\n',
            },
            "apps/b.family.toml:2:1: extends: `a.family.toml` extends itself",
        ),
        (
            {"apps/family.toml": 'version = 1\nextends = "none"\n'},
            "apps/family.toml:2:1: extends: `none.family.toml` does not exist",
        ),
        (
            {"platforms/board1.toml": FILES["platforms/board1.toml"].replace("= 64", "= 16")},
            "platforms/board1.toml:7:1: word-size: the word size is 32 or 64",
        ),
        (
            {
                "platforms/board1.toml": FILES["platforms/board1.toml"].replace(
                    "nodes = 2", "nodes = 0"
                )
            },
            "max-num-nodes: a platform has at least 1 node",
        ),
        (
            {
                "platforms/board1.toml": FILES["platforms/board1.toml"].replace(
                    "{rootserver}", "../x"
                )
            },
            "image.name: an image's name is a file name, without folders",
        ),
        (
            {
                "platforms/board1.toml": FILES["platforms/board1.toml"].replace(
                    "kernel-pl", 'aliases = ["board2"]\nkernel-pl'
                ),
                "platforms/board2.toml": BOARD.format(name="board2"),
            },
            "aliases: alias `board2` is the name of a platform",
        ),
        (
            {
                "platforms/board1.toml": FILES["platforms/board1.toml"].replace(
                    "kernel-pl", 'aliases = ["b"]\nkernel-pl'
                ),
                "platforms/board2.toml": BOARD.format(name="board2")
                .replace('"acme"', '"other"')
                .replace("kernel-pl", 'aliases = ["b"]\nkernel-pl'),
            },
            "aliases: alias `b` also means `board1`, which is no kin",
        ),
        (
            {
                "platforms/board1.toml": FILES["platforms/board1.toml"]
                + '[[boot]]\ntitle = "t"\nformat = "elf"\nwhere = "U-Boot"\ncommands = ["{x}"]\n'
            },
            "boot: template '{x}' may only hold `{image}`, `{kernel}`, `{load}`",
        ),
        (
            {"toolchains/cc1.toml": TOOLCHAIN + 'apps = ["app9"]\n'},
            "toolchains/cc1.toml: unknown app `app9`; did you mean `app1`?",
        ),
    ],
)
def test_files_that_do_not_fit_together_are_named(
    tmp_path: Path, changes: dict[str, str], problem: str
) -> None:
    (only,) = problems_of(tmp_path, changes)
    assert problem in only


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ('kind = "choice"', "`choices` belong to an option of kind `choice`"),
        ('kind = "text"\nchoices = ["a"]', "`choices` belong to an option of kind `choice`"),
        ('kind = "choice"\nchoices = ["a"]\ndefault = "b"', "the default is one of `a`"),
        ('kind = "bool"\ndefault = "1"', "the default is one of `ON`, `OFF`"),
        ('kind = "bool"\nplatforms = ["none"]', "unknown platform `none`"),
        ('kind = "bool"\nneeds = ["NONE"]', "app `app1` has no option `NONE`"),
    ],
)
def test_an_option_that_contradicts_itself_is_named(
    tmp_path: Path, option: str, problem: str
) -> None:
    text = APP.format(name="app1") + f'[[options]]\nname = "O"\nsummary = "s"\n{option}\n'
    (only,) = problems_of(tmp_path, {"apps/Arm/app1/app.toml": text})
    assert only.startswith("apps/Arm/app1/app.toml:16:1: options[0]: ")
    assert problem in only


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ('[[options]]\nname = "O"\nkey = "Bad_Key"\n{o}', "key `Bad_Key` is not made of"),
        (
            '[[options]]\nname = "O"\nkey = "k"\n{o}[[options]]\nname = "P"\nkey = "k"\n{o}',
            "key `k` means another option too",
        ),
        ('[[ci-builds]]\nname = "b"\nplatform = "none"\n', "CI build `b`: app `app1` is not for"),
        ('[translated]\n"A=1" = "B"\n', "what is translated is `NAME=VALUE`"),
        ('[[guest-roots]]\npath = "p"\nvariables = {{ A = "{{x}}" }}\n', "may only hold `{root}`"),
    ],
)
def test_what_names_options_and_builds_is_checked(tmp_path: Path, more: str, problem: str) -> None:
    text = APP.format(name="app1") + more.format(o='summary = "s"\nkind = "bool"\n')
    (only,) = problems_of(tmp_path, {"apps/Arm/app1/app.toml": text})
    assert problem in only
