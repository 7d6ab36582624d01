# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
import itertools

from hypothesis import given
from hypothesis import strategies as st

from sel4build.boot.watch import MarkerWatch
from sel4build.console.controls import ControlStripper, strip_controls
from sel4build.model.image import Verdict

# Few characters, so that markers are met, and those that open and close control sequences.
CONSOLE = st.text(alphabet="ab\n\r\x1b[]m;\x07\\P 1é", max_size=60)
MARKERS = st.lists(st.text(alphabet="ab ", min_size=1, max_size=4), min_size=1, max_size=3)
CUTS = st.lists(st.integers(0, 60), max_size=12)


def _pieces(text: str, cuts: list[int]) -> list[str]:
    bounds = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    return [text[begin:end] for begin, end in itertools.pairwise(bounds)]


def _first_verdict(text: str, success: list[str], errors: list[str]) -> Verdict | None:
    """Judge the whole text at once: the definition, without any economy."""
    shown = strip_controls(text)
    for end in range(len(shown) + 1):
        if any(shown[:end].endswith(marker) for marker in errors):
            return Verdict.FAILED
        begin = 0
        for marker in success:
            found = shown.find(marker, begin, end)
            if found < 0:
                break
            begin = found + len(marker)
        else:
            return Verdict.PASSED
    return None


@given(CONSOLE, CUTS)
def test_cutting_the_stream_does_not_change_what_it_shows(text: str, cuts: list[int]) -> None:
    stripper = ControlStripper()
    shown = "".join(stripper.feed(piece) for piece in _pieces(text, cuts))
    assert shown == strip_controls(text)


@given(CONSOLE)
def test_what_is_shown_has_no_controls_left_to_strip(text: str) -> None:
    shown = strip_controls(text)
    assert strip_controls(shown) == shown
    assert len(shown) <= len(text)


@given(CONSOLE, MARKERS, MARKERS | st.just([]), CUTS)
def test_cutting_the_stream_does_not_change_the_verdict(
    text: str, success: list[str], errors: list[str], cuts: list[int]
) -> None:
    watch = MarkerWatch(success, errors)
    for piece in _pieces(text, cuts):
        watch.feed(piece)
    assert watch.verdict == _first_verdict(text, success, errors)


@given(st.text(), st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_judging_any_text_gives_a_verdict_or_none(text: str, markers: list[str]) -> None:
    watch = MarkerWatch(markers, markers[1:])
    watch.feed(text)
    assert watch.verdict in {None, Verdict.PASSED, Verdict.FAILED}
    assert (watch.verdict is None) == (watch.marker is None)
