# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import pytest

from sel4build.boot.watch import MarkerWatch
from sel4build.model.image import Verdict


def _watch(text: str, *, success: tuple[str, ...], errors: tuple[str, ...] = ()) -> MarkerWatch:
    watch = MarkerWatch(success, errors)
    for char in text:
        watch.feed(char)
    return watch


@pytest.mark.parametrize(
    ("text", "verdict", "marker"),
    [
        ("one two", Verdict.PASSED, "two"),
        ("onetwo", Verdict.PASSED, "two"),
        ("two one", None, None),
        ("two one two", Verdict.PASSED, "two"),
        ("one ABORT two", Verdict.FAILED, "ABORT"),
        ("one two ABORT", Verdict.PASSED, "two"),
        ("one\r\n\x1b[2Jt\x1b[0mwo", Verdict.PASSED, "two"),
        ("one t\nwo", None, None),
        ("on", None, None),
        ("", None, None),
    ],
)
def test_markers_are_awaited_in_order_and_an_error_ends_the_wait(
    text: str, verdict: Verdict | None, marker: str | None
) -> None:
    watch = _watch(text, success=("one", "two"), errors=("ABORT",))
    assert (watch.verdict, watch.marker) == (verdict, marker)


def test_the_same_marker_may_be_awaited_more_than_once() -> None:
    watch = _watch("login: x login: y ", success=("login:",) * 3)
    assert (watch.num_seen, watch.verdict, watch.awaited) == (2, None, "login:")
    watch.feed("login:")
    assert (watch.verdict, watch.awaited) == (Verdict.PASSED, None)


def test_markers_do_not_share_characters() -> None:
    assert _watch("aba", success=("ab", "ba")).verdict is None
    assert _watch("abba", success=("ab", "ba")).verdict is Verdict.PASSED


def test_an_error_that_ends_with_a_success_marker_is_an_error() -> None:
    assert _watch("not ok", success=("ok",), errors=("not ok",)).verdict is Verdict.FAILED


def test_of_two_errors_the_one_that_ends_first_is_told() -> None:
    assert _watch("a long error", success=("x",), errors=("a long error", "long")).marker == "long"


def test_a_verdict_stays() -> None:
    watch = _watch("ok", success=("ok",), errors=("bad",))
    watch.feed("bad")
    assert watch.verdict is Verdict.PASSED


def test_what_is_fed_is_returned_as_it_shows() -> None:
    watch = MarkerWatch(("ok",))
    assert watch.feed("a\x1b[1") == "a"
    assert watch.feed("mb") == "b"


@pytest.mark.parametrize(("success", "errors"), [((), ()), (("",), ()), (("a",), ("",))])
def test_markers_that_could_never_be_judged_are_refused(
    success: tuple[str, ...], errors: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="success marker"):
        MarkerWatch(success, errors)
