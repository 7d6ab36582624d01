# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Work out whole numbers written as C expressions, in macros, conditions and device trees."""

import ast
import operator
import re
from collections.abc import Callable, Mapping

_SUFFIX = re.compile(r"\b(0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]+\b", re.ASCII)
_OCTAL = re.compile(r"(?<![0-9A-Za-z_.])0([0-7]+)\b", re.ASCII)
_LONGEST = 500
_MOST_BITS = 128
_DEEPEST = 40

_BINARY: Mapping[type[ast.AST], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
    ast.Eq: lambda left, right: int(left == right),
    ast.NotEq: lambda left, right: int(left != right),
    ast.Lt: lambda left, right: int(left < right),
    ast.LtE: lambda left, right: int(left <= right),
    ast.Gt: lambda left, right: int(left > right),
    ast.GtE: lambda left, right: int(left >= right),
}
_UNARY: Mapping[type[ast.AST], Callable[[int], int]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
    ast.Not: lambda value: int(not value),
}


def evaluate_integer(text: str, resolve: Callable[[str], int | None]) -> int | None:
    """Return the value of a C expression, or None where it has none that we can work out.

    `resolve` gives the values of names.
    """
    if len(text) > _LONGEST:
        return None
    try:
        tree = ast.parse(_as_python(text), mode="eval")
        return _value(tree.body, resolve, 0)
    except (SyntaxError, ValueError, RecursionError, MemoryError, ArithmeticError):
        return None


def _as_python(text: str) -> str:
    text = _SUFFIX.sub(r"\1", text.strip())
    text = _OCTAL.sub(r"0o\1", text)
    text = text.replace("&&", " and ").replace("||", " or ").replace("/", "//")
    return re.sub(r"!(?!=)", " not ", text).strip()


def _value(node: ast.expr, resolve: Callable[[str], int | None], depth: int) -> int | None:
    if depth > _DEEPEST:
        return None

    def inner(operand: ast.expr) -> int | None:
        return _value(operand, resolve, depth + 1)

    value: int | None = None
    match node:
        case ast.Constant(value=int() as number):
            value = int(number)
        case ast.Name(id=name):
            value = resolve(name)
        case ast.UnaryOp(op=op, operand=operand):
            found = inner(operand)
            value = None if found is None else _UNARY[type(op)](found)
        case ast.BinOp(left=left, op=op, right=right):
            value = _combined(type(op), inner(left), inner(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            value = _combined(type(op), inner(left), inner(right))
        case ast.BoolOp(op=op, values=operands):
            value = _connected(op, [inner(each) for each in operands])
        case _:
            value = None
    return value


def _combined(kind: type[ast.AST], first: int | None, second: int | None) -> int | None:
    combine = _BINARY.get(kind)
    if first is None or second is None or combine is None:
        return None
    is_shift = kind in {ast.LShift, ast.RShift}
    if is_shift and not 0 <= second <= _MOST_BITS:
        return None
    value = combine(first, second)
    return value if abs(value).bit_length() <= _MOST_BITS else None


def _connected(op: ast.boolop, values: list[int | None]) -> int | None:
    is_and = isinstance(op, ast.And)
    known = [bool(each) for each in values if each is not None]
    if (not is_and) in known:
        return int(not is_and)
    return None if None in values else int(is_and)
