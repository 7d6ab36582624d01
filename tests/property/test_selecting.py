# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Laws of select, over the shipped catalogue."""

import string

from hypothesis import example, given
from hypothesis import strategies as st

from sel4build.catalog import load_catalog
from sel4build.model.target import Selection
from sel4build.targets import select

_CATALOG = load_catalog()
_TEXTS = st.text(max_size=12) | st.text(alphabet=string.printable, max_size=12)
_APPS = st.sampled_from([each.name for each in _CATALOG.apps]) | _TEXTS
_PLATFORMS = (
    st.none()
    | st.sampled_from([each.name for each in _CATALOG.platforms])
    | st.sampled_from(["pc99", "zynqmp", "exynos5"])
    | _TEXTS
)
_NODES = st.none() | st.integers(-1, 10).map(str) | _TEXTS
_KNOWN = sorted({option.name for app in _CATALOG.apps for option in app.options})
_FORCED = sorted({name for app in _CATALOG.apps for name in (*app.forced, *app.managed)})
_NAMES = st.sampled_from(_KNOWN) | st.sampled_from(_FORCED) | _TEXTS
_DEFINES = st.lists(
    st.tuples(_NAMES, st.sampled_from(["ON", "off", "1", "2022_1", "efi"]) | _TEXTS), max_size=3
).map(tuple)
_KEYS = (
    st.sampled_from(sorted({each.key for app in _CATALOG.apps for each in app.options if each.key}))
    | _TEXTS
)
_WORDS = _TEXTS | st.sampled_from(
    ["-DCAMKES_VM_APP=vm_minimal", "-D", "PLATFORM=tk1", "-DAARCH64=1", "-U*", "-G", "Ninja", "-C"]
)
_CI_BUILDS = sorted({build.name for app in _CATALOG.apps for build in app.ci_builds})
_SELECTIONS = st.builds(
    Selection,
    app=_APPS,
    platform=_PLATFORMS,
    num_nodes=_NODES,
    options=st.lists(
        st.tuples(_KEYS, st.none() | st.sampled_from(["on", "initrd", "2022_1"]) | _TEXTS),
        max_size=2,
    ).map(tuple),
    defines=_DEFINES,
    cmake_words=st.lists(_WORDS, max_size=3).map(tuple),
    ci_build=st.none() | st.sampled_from(_CI_BUILDS) | _TEXTS,
    allow_broken=st.booleans(),
)


@given(_SELECTIONS)
@example(Selection(app="", platform="", num_nodes="", defines=(("", ""),)))
def test_a_selection_is_one_target_or_at_least_one_rejection(selection: Selection) -> None:
    selected = select(_CATALOG, selection)
    assert len(selected.targets) == (0 if selected.rejections else 1)
    for rejection in selected.rejections:
        assert rejection.selection == selection
        assert rejection.rule
        assert rejection.reason.isprintable()
        assert rejection.hint is None or rejection.hint.isprintable()


@given(_SELECTIONS)
def test_what_was_accepted_is_accepted_again_as_it_is_recorded(selection: Selection) -> None:
    for target in select(_CATALOG, selection).targets:
        again = Selection(
            app=target.app.name,
            platform=target.platform.name,
            num_nodes=str(target.num_nodes),
            options=tuple(target.options.items()),
            defines=tuple(target.plain_defines.items()),
            allow_broken=selection.allow_broken,
            recorded=True,
        )
        selected = select(_CATALOG, again)
        assert selected.targets == (target,)


@given(_SELECTIONS)
def test_ours_and_the_users_variables_never_meet(selection: Selection) -> None:
    for target in select(_CATALOG, selection).targets:
        assert not set(target.variables) & set(target.defines)
        assert all(target.variables.values())
        assert target.num_nodes <= target.platform.max_num_nodes


@given(st.lists(_SELECTIONS, max_size=6))
def test_targets_with_one_id_are_one_target(selections: list[Selection]) -> None:
    targets = [each for one in selections for each in select(_CATALOG, one).targets]
    by_id = {str(each.id): each for each in targets}
    assert all(by_id[str(each.id)] == each for each in targets)
