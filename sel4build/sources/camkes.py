# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Read `devices.camkes`: the settings of guests, such as memory, devices and vcpus.

Which attributes there are: camkes-vm components/VM_Arm/configurations/vm.h.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sel4build.errors import Span
from sel4build.model.sources import (
    CamkesSetting,
    CamkesValue,
    DevicesFacts,
    Fact,
    UntypedMmio,
    VmFacts,
)
from sel4build.sources.preprocess import Preprocessed, preprocess

_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<number>0[xX][0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?)[uUlL]*"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark><<|>>|[^\s\w])"
)
_MMIO = re.compile(r"\s*(0[xX][0-9a-fA-F]+|[0-9]+)\s*:\s*([0-9]{1,3})\s*")
_OPERATORS = frozenset({"+", "-", "*", "/", "<<", ">>", "|", "&"})
_VM_ATTRIBUTES = frozenset(
    {"dtb", "untyped_mmios", "num_vcpus", "vm_address_config", "linux_address_config"}
    | {"vm_image_config", "linux_image_config"}
)
_NEW_KEYS: Mapping[str, str] = {
    "linux_ram_base": "ram_base",
    "linux_ram_paddr_base": "ram_paddr_base",
    "linux_ram_size": "ram_size",
    "linux_ram_offset": "ram_offset",
}
_DEEPEST = 50


def parse_devices(text: str, file: str, defines: Mapping[str, str] | None = None) -> DevicesFacts:
    """Return what `text` sets where the macros of `defines` have those values.

    A macro that nothing defines is 0 in a condition, as C has it.
    """
    done = preprocess(text, file, defines)
    reader = _Reader(done)
    settings = tuple(reader.settings())
    return DevicesFacts(
        file=file,
        vms=tuple(_vms(settings, done)),
        settings=settings,
        macros=done.facts(),
        faults=tuple(done.faults),
    )


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


class _Reader:
    """Finds `NAME.NAME = VALUE` among the tokens, whatever stands around it."""

    def __init__(self, done: Preprocessed) -> None:
        self._done = done
        self._tokens = tuple(
            _Token(match.lastgroup or "mark", match[match.lastgroup or 0], number)
            for number, line in enumerate(done.lines, start=1)
            for match in _TOKEN.finditer(line)
        )
        self._position = 0
        self._places: dict[str, Span] = {}

    def settings(self) -> Iterator[CamkesSetting]:
        while self._position < len(self._tokens):
            start = self._tokens[self._position]
            following = self._tokens[self._position : self._position + 4]
            kinds = tuple(each.kind if each.kind == "name" else each.text for each in following)
            if kinds != ("name", ".", "name", "="):
                self._position += 1
                continue
            self._position += 4
            self._places = {}
            value = self._value("", 0)
            yield CamkesSetting(
                instance=start.text,
                attribute=following[2].text,
                value=value,
                span=self._span(start),
                places=self._places,
            )

    def _span(self, token: _Token) -> Span:
        return Span(file=self._done.file, line=token.line)

    def _peek(self) -> _Token | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        found = token is not None and token.kind == "mark" and token.text == text
        self._position += found
        return found

    def _value(self, path: str, depth: int) -> CamkesValue:
        token = self._peek()
        if token is None or depth > _DEEPEST:
            return None
        self._places[path] = self._span(token)
        if self._take("{"):
            return self._table(path, depth)
        if self._take("["):
            return self._list(path, depth)
        if token.kind == "text":
            return self._text()
        if token.kind == "name":
            return self._named(path, depth)
        return self._expression(path)

    def _table(self, path: str, depth: int) -> CamkesValue:
        found: dict[str, CamkesValue] = {}
        while not self._take("}"):
            token = self._peek()
            if token is None or (token.kind == "mark" and token.text == ";"):
                break
            self._position += 1
            if token.kind != "text" or not self._take(":"):
                continue
            key = token.text[1:-1]
            found[key] = self._value(f"{path}.{key}" if path else key, depth + 1)
        return found

    def _list(self, path: str, depth: int) -> CamkesValue:
        found: list[CamkesValue] = []
        while not self._take("]"):
            before = self._position
            token = self._peek()
            if token is None or (token.kind == "mark" and token.text == ";"):
                break
            if self._take(","):
                continue
            found.append(self._value(f"{path}[{len(found)}]", depth + 1))
            self._position = max(self._position, before + 1)
        return tuple(found)

    def _text(self) -> str:
        text = ""
        while (token := self._peek()) is not None and token.kind == "text":
            text += token.text[1:-1].replace('\\"', '"')
            self._position += 1
        return text

    def _named(self, path: str, depth: int) -> CamkesValue:
        """Read a truth value, a number with names in it, or `NAME(VALUE)`."""
        token = self._tokens[self._position]
        following = self._tokens[self._position + 1 : self._position + 2]
        if not (following and following[0].text == "(" and following[0].kind == "mark"):
            if token.text.lower() in {"true", "false"}:
                self._position += 1
                return token.text.lower() == "true"
            return self._expression(path)
        self._position += 2
        found: CamkesValue
        if "STRINGIZE" in token.text:
            value = self._expression(path)
            found = None if value is None else hex(value)
        else:
            found = self._value(path, depth + 1)
        while (rest := self._peek()) is not None and rest.text not in {")", ";"}:
            self._position += 1
        self._take(")")
        return found

    def _expression(self, path: str) -> int | None:
        """Read an expression; its place is that of the macro where it is nothing but one."""
        start = self._position
        depth = 0
        while (token := self._peek()) is not None:
            if token.kind == "mark" and token.text in {"(", ")"}:
                depth += 1 if token.text == "(" else -1
                if depth < 0:
                    break
            elif token.kind == "text" or (token.kind == "mark" and token.text not in _OPERATORS):
                break
            self._position += 1
        tokens = self._tokens[start : self._position]
        if len(tokens) == 1 and tokens[0].kind == "name":
            macro = self._done.macros.get(tokens[0].text)
            if macro is not None and macro.span is not None:
                self._places[path] = macro.span
        return self._done.work_out(" ".join(each.text for each in tokens))


def _vms(settings: tuple[CamkesSetting, ...], done: Preprocessed) -> Iterator[VmFacts]:
    by_instance: dict[str, dict[str, CamkesSetting]] = {}
    for each in settings:
        by_instance.setdefault(each.instance, {})[each.attribute] = each
    for instance, said in by_instance.items():
        if not _VM_ATTRIBUTES & said.keys():
            continue
        first = next(iter(said.values()))
        yield VmFacts(
            name=instance,
            dtb_paths=tuple(_dtb_paths(said.get("dtb"))),
            untyped_mmios=tuple(_mmios(said.get("untyped_mmios"))),
            num_vcpus=_number(said.get("num_vcpus")),
            addresses={
                **_addresses(said.get("linux_address_config"), done),
                **_addresses(said.get("vm_address_config"), done),
            },
            image={
                **_image(said.get("linux_image_config")),
                **_image(said.get("vm_image_config")),
            },
            span=first.span,
        )


def _dtb_paths(setting: CamkesSetting | None) -> Iterator[Fact[str]]:
    if setting is None or not isinstance(setting.value, tuple):
        return
    for position, each in enumerate(setting.value):
        if isinstance(each, Mapping) and "path" in each:
            path = each["path"]
            span = setting.places.get(f"[{position}].path", setting.span)
            yield Fact(value=path if isinstance(path, str) else None, span=span)


def _mmios(setting: CamkesSetting | None) -> Iterator[UntypedMmio]:
    if setting is None or not isinstance(setting.value, tuple):
        return
    for position, each in enumerate(setting.value):
        match = _MMIO.fullmatch(each) if isinstance(each, str) else None
        if match is not None:
            span = setting.places.get(f"[{position}]", setting.span)
            yield UntypedMmio(address=int(match[1], 0), bits=int(match[2]), span=span)


def _number(setting: CamkesSetting | None) -> Fact[int] | None:
    if setting is None:
        return None
    value = setting.value
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return Fact(
        value=value if is_number and isinstance(value, int) else None,
        span=setting.places.get("", setting.span),
    )


def _addresses(setting: CamkesSetting | None, done: Preprocessed) -> dict[str, Fact[int]]:
    if setting is None or not isinstance(setting.value, Mapping):
        return {}
    found: dict[str, Fact[int]] = {}
    for key, value in setting.value.items():
        number = done.work_out(value) if isinstance(value, str) else value
        is_number = isinstance(number, int) and not isinstance(number, bool)
        found[_NEW_KEYS.get(key, key)] = Fact(
            value=number if is_number and isinstance(number, int) else None,
            span=setting.places.get(key, setting.span),
        )
    return found


def _image(setting: CamkesSetting | None) -> dict[str, Fact[str]]:
    if setting is None or not isinstance(setting.value, Mapping):
        return {}
    return {
        key: Fact(value=_as_text(value), span=setting.places.get(key, setting.span))
        for key, value in setting.value.items()
    }


def _as_text(value: CamkesValue) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return value if isinstance(value, str) else None
