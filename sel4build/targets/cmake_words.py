# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The words that `init-build.sh` and `cmake` take, read the way those programs read them.

What a line asks of CMake itself is ours to decide: it is refused with the reason, or left out with
a note where it changes nothing that is made.
"""

import fnmatch
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from sel4build.targets.refusal import Refusal, show

_SCRIPTS = ("init-build.sh", "griddle", "cmake")
# A line that came as one word, since a variable that holds it was quoted.
_SEVERAL = re.compile(r"\s-(?:D\s*[A-Za-z_]|G\s|U)")
_FLAGS = re.compile(r"-D\s*[A-Za-z_]*FLAGS[A-Z_]*[:=]")
# Quotes that no shell has taken away: round the word, the definition or the value.
_QUOTED = re.compile(r"""(?P<head>(?:-D(?:[^='"]+=)?)?)(?P<quote>['"])(?P<inside>.*)(?P=quote)""")
_GENERATORS = ("Ninja",)
# Of cmake(1): these change what CMake says, or what an old build tree would keep.
_WITHOUT_EFFECT = re.compile(
    r"-W(?:no-)?(?:dev|deprecated|error=dev|error=deprecated)|-Werror=(?:dev|deprecated)"
    r"|--no-warn-unused-cli|--warn-u\w+|--fresh|--log-level=\w+|--log-context"
)
_SOURCES = "the sources are those of the workspace"
_TREE = "every target has a build tree of its own below `build`"
_REFUSED = {
    "-S": (_SOURCES, "leave it out"),
    "-B": (_TREE, "leave it out"),
    "-C": ("the initial cache is written by sel4build", "pass its values as `-D NAME=VALUE`"),
    "-A": ("Ninja has no platforms to choose", "leave it out"),
    "-T": ("Ninja has no toolsets to choose", "choose a compiler with `--toolchain`"),
    "--toolchain": ("toolchain files are written by the sources", "use `init --toolchain NAME`"),
    "--preset": ("the sources have no presets", "pass its values as `-D NAME=VALUE`"),
    "--install-prefix": ("nothing is installed", "leave it out"),
    "--compiler": ("it is an option of `griddle`", "choose a compiler with `--toolchain`"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CMakeWords:
    """What a line of words says."""

    defines: tuple[tuple[str, str], ...] = ()
    """`NAME` or `NAME:TYPE`, and the value."""
    notes: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class _Reading:
    """The state of going through the words once."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = list(words)
        self.defines: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.refusals: list[Refusal] = []

    def refuse(self, word: str, reason: str, hint: str) -> None:
        reason = f"{show(word)} is refused: {reason}"
        self.refusals.append(Refusal(rule="cmake-word", reason=reason, hint=hint))

    def value_of(self, word: str, option: str) -> str | None:
        """Return what stands behind a one-letter `option`, in `word` or as the next one."""
        if len(word) > len(option):
            return word[len(option) :].removeprefix("=") if option == "-G" else word[len(option) :]
        if self.words:
            return self.words.pop(0)
        self.refuse(word, "nothing follows it", f"write `{option}` with its value")
        return None


def read_cmake_words(words: tuple[str, ...]) -> CMakeWords:
    """Return what `words` define, and why any of them cannot be obeyed."""
    reading = _Reading(tuple(_shell_words(words)))
    while reading.words:
        word = reading.words.pop(0)
        if word.startswith("-D"):
            _read_define(reading, word)
        elif word.startswith("-U"):
            _read_undefine(reading, word)
        elif word.startswith("-G"):
            _read_generator(reading, word)
        elif _WITHOUT_EFFECT.fullmatch(word):
            reading.notes.append(f"{show(word)} is left out: it changes nothing that is built")
        else:
            _read_other(reading, word)
    return CMakeWords(
        defines=tuple(reading.defines),
        notes=tuple(reading.notes),
        refusals=tuple(reading.refusals),
    )


def _shell_words(words: tuple[str, ...]) -> Iterator[str]:
    """Undo what a shell would have done, had it been asked: split lines, take quotes away."""
    stripped = [word.strip() for word in words]
    if stripped and stripped[0].split()[:1] and _is_script(stripped[0].split()[0]):
        stripped[0] = stripped[0].partition(stripped[0].split()[0])[2].strip()
    for word in stripped:
        if word in {"", "\\"}:
            continue
        if (word.startswith("-") and _SEVERAL.search(word)) and not _FLAGS.match(word):
            yield from _split(word)
            continue
        quoted = _QUOTED.fullmatch(word)
        yield word if quoted is None else quoted["head"] + quoted["inside"]


def _split(word: str) -> list[str]:
    try:
        return [each for each in shlex.split(word.replace("\\\n", " ")) if each.strip()]
    except ValueError:  # quotes that do not close
        return [word]


def _is_script(word: str) -> bool:
    return word.rpartition("/")[2] in _SCRIPTS


def _read_define(reading: _Reading, word: str) -> None:
    text = reading.value_of(word, "-D")
    if text is None:
        return
    name, equals, value = text.lstrip().partition("=")
    if not equals:
        reading.refuse(f"-D{text}", "it has no value", "write `-DNAME=VALUE`")
        return
    quoted = _QUOTED.fullmatch(value)
    reading.defines.append((name, value if quoted is None else quoted["inside"]))


def _read_undefine(reading: _Reading, word: str) -> None:
    """Take back definitions, as CMake does in the order of the words."""
    pattern = reading.value_of(word, "-U")
    if pattern is None:
        return
    kept = [
        (name, value)
        for name, value in reading.defines
        if not fnmatch.fnmatchcase(name.partition(":")[0], pattern)
    ]
    if len(kept) == len(reading.defines):
        note = f"{show(f'-U{pattern}')} is left out: a new build tree has nothing to remove"
        reading.notes.append(note)
    reading.defines = kept


def _read_generator(reading: _Reading, word: str) -> None:
    generator = reading.value_of(word, "-G")
    if generator is not None and generator.strip("'\"") not in _GENERATORS:
        reading.refuse(f"-G {generator}", "every build tree is made for ninja", "leave it out")


def _read_other(reading: _Reading, word: str) -> None:
    name = word.partition("=")[0]
    for option, (reason, hint) in _REFUSED.items():
        is_long = option.startswith("--")
        if name == option or (not is_long and word.startswith(option)):
            if word == option and reading.words and not reading.words[0].startswith("-"):
                word = f"{word} {reading.words.pop(0)}"
            reading.refuse(word, reason, hint)
            return
    if word.startswith("-"):
        reading.refuse(
            word,
            "sel4build runs CMake itself, and does not pass this on",
            "behind `--` stand `-DNAME=VALUE`, `-UNAME` and `-G Ninja`",
        )
    else:
        hint = "leave it out; behind `--` stand `-DNAME=VALUE`, `-UNAME` and `-G Ninja`"
        reading.refuse(word, _SOURCES, hint)
