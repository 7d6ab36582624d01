# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause

import pytest

from sel4build.errors import Span
from sel4build.model.sources import Conditional, Definition, Invocation, Loop, Quoting
from sel4build.sources.cmake import parse_cmake, walk


def _args(text: str) -> list[str]:
    (statement,) = parse_cmake(f"f({text})", "x").statements
    assert isinstance(statement, Invocation)
    return [each.text for each in statement.args]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ('a "b c" [[d "e"]] f', ["a", "b c", 'd "e"', "f"]),
        ("[==[ a ]] b ]==]", [" a ]] b "]),
        ("[[\nfirst newline goes]]", ["first newline goes"]),
        ('-DX="a b" y', ['-DX="a b"', "y"]),
        ("(a AND (b))", ["(", "a", "AND", "(", "b", ")", ")"]),
        ("$<IF:a,b> ${v}", ["$<IF:a,b>", "${v}"]),
        ("a # b\n c", ["a", "c"]),
        ("a #[[ b ]] c", ["a", "c"]),
        ('"a;b" c;d', ["a;b", "c;d"]),
        ("", []),
        (r'a\ b "c\"d" \$e', [r"a\ b", r"c\"d", r"\$e"]),
        ("$(X)/a [b] [=c", ["$(X)/a", "[b]", "[=c"]),
        ("a #[==[ b\n]] c ]==] d", ["a", "d"]),
        ("[[\r\nx]]", ["x"]),
    ],
)
def test_arguments_are_taken_apart_as_cmake_does(text: str, args: list[str]) -> None:
    assert _args(text) == args


def test_an_argument_knows_its_line_and_how_it_is_quoted() -> None:
    (statement,) = parse_cmake('\nset(\n  a\n  "b"\n  [[c]])\n', "x/y.cmake").statements
    assert isinstance(statement, Invocation)
    assert statement.span == Span(file="x/y.cmake", line=2)
    assert [each.span.line for each in statement.args] == [3, 4, 5]
    assert [each.quoting for each in statement.args] == [
        Quoting.BARE,
        Quoting.QUOTED,
        Quoting.BRACKET,
    ]


def test_blocks_enclose_what_stands_in_them() -> None:
    script = parse_cmake(
        "IF(A)\n one()\nelseif(B)\n two()\nelse()\n foreach(x a)\n  three()\n endforeach()\nENDIF()\n"
        "function(f)\n four()\nendfunction()\nwhile(C)\nendwhile()\nblock()\n five()\nendblock()\n",
        "x",
    )
    conditional, function, loop, five = script.statements
    assert isinstance(conditional, Conditional)
    assert [each.head.command for each in conditional.branches] == ["if", "elseif", "else"]
    assert [each.is_else for each in conditional.branches] == [False, False, True]
    (inner,) = conditional.branches[2].body
    assert isinstance(inner, Loop)
    assert isinstance(function, Definition)
    assert isinstance(loop, Loop)
    assert isinstance(five, Invocation)
    assert script.faults == ()
    names = [each.command for each in walk(script.statements)]
    assert names == [
        "if",
        "one",
        "elseif",
        "two",
        "else",
        "foreach",
        "three",
        "function",
        "four",
        "while",
        "five",
    ]


@pytest.mark.parametrize(
    ("text", "commands", "lines"),
    [
        ("endif()\na()", ["a"], [1]),
        ("if(A)\na()", ["if", "a"], [1]),
        ("a()\nforeach(x)\nb()", ["a", "foreach", "b"], [2]),
        ("a()\n)\nb()", ["a", "b"], [2]),
        ("a(x\ny\nb()", ["a", "b"], [1]),
        ("a)\nb()", ["b"], [1]),
        ('a("x\nb()', ["a", "b"], [1]),
        ("a([[x\nb()", ["a", "b"], [1]),
        ("1a()\nb()", ["b"], [1]),
        ("a() \\\n b()", ["a", "b"], [1]),
    ],
)
def test_what_is_no_cmake_is_told_with_its_line(
    text: str, commands: list[str], lines: list[int]
) -> None:
    script = parse_cmake(text, "x")
    assert [each.command for each in walk(script.statements)] == commands
    assert [each.line for each in script.faults][:1] == lines
