# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the folder of an app says: boards, settings, guests and their files.

How an app is read by the build: camkes-vm-examples settings.cmake and CMakeLists.txt.
"""

import re
from collections.abc import Iterator, Mapping

from sel4build.errors import Span
from sel4build.model.facts import AppBoardFacts, AppFacts, BoardFacts
from sel4build.model.platform import Arch, Sel4Arch
from sel4build.model.sources import (
    ConfigFact,
    DevicesFacts,
    Event,
    Fact,
    Invocation,
    Quoting,
    Script,
    SettingFact,
    Trace,
)
from sel4build.sources.boards import arch_variables
from sel4build.sources.camkes import parse_devices
from sel4build.sources.cmake import walk
from sel4build.sources.components import component_events
from sel4build.sources.evaluate import Settings, Values, evaluate
from sel4build.sources.files import SourceFiles
from sel4build.sources.guests import EFFECTS, initrd_address, option_values, served_files
from sel4build.sources.layout import BUILD, EXAMPLES, PLACES, module_path
from sel4build.sources.settings import settings_of, supported_of

_FOLDERS: Mapping[str, Arch] = {"Arm": Arch.ARM, "x86": Arch.X86}
_SETTINGS: Mapping[Arch, str] = {Arch.ARM: "settings.cmake", Arch.X86: "app_settings.cmake"}
_DEVICES = "devices.camkes"
_GUEST = re.compile(r"^\s*component\s+VM\w*\s+(\w+)\s*;", re.MULTILINE)
_FLAG = re.compile(r"-D([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?")
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WRITING = frozenset({"set", "option", "unset", "foreach"})
_CONTRACT = frozenset(
    {"PLATFORM", "CAMKES_VM_APP", "NUM_NODES", "AARCH64", "SIMULATION", "RELEASE"}
)
_JOINTS = ("NOT", "AND", "OR", "(", ")")
_CONSTANTS = frozenset({"ON", "OFF", "TRUE", "FALSE", "YES", "NO"})


def list_apps(files: SourceFiles, examples: str = EXAMPLES) -> Mapping[str, tuple[Arch, str]]:
    """Return the apps by name, with architecture and folder; one for Arm comes first."""
    found: dict[str, tuple[Arch, str]] = {}
    for folder, arch in _FOLDERS.items():
        for name in files.folders(f"{examples}/apps/{folder}"):
            path = f"{examples}/apps/{folder}/{name}"
            if files.script(f"{path}/{_SETTINGS[arch]}") or files.script(f"{path}/CMakeLists.txt"):
                found.setdefault(name, (arch, path))
    return found


class AppReader:
    """Reads the apps of one workspace."""

    def __init__(
        self,
        files: SourceFiles,
        options: tuple[ConfigFact, ...],
        examples: str = EXAMPLES,
    ) -> None:
        self._files = files
        self._options = options
        self._examples = examples
        self._components: dict[tuple[Arch, str], tuple[Event, ...]] = {}
        self.known = list_apps(files, examples)

    def read(self, name: str) -> AppFacts | None:
        """Return what the folder of an app says whatever the board; None where there is none."""
        if name not in self.known:
            return None
        arch, folder = self.known[name]
        own = f"{folder}/{_SETTINGS[arch]}"
        script = self._files.script(own)
        span = Span(file=own if script else f"{folder}/CMakeLists.txt", line=1)
        trace = evaluate((script,) if script else (), Settings(is_closed=False))
        settings = settings_of(trace)
        platform = next(
            (each for each in settings if each.name == "PLATFORM" and each.is_certain), None
        )
        return AppFacts(
            name=name,
            arch=arch,
            folder=folder,
            span=span,
            supported=supported_of(trace),
            fixed_platform=(
                Fact(value=platform.value, span=platform.value_span) if platform else None
            ),
            folders=dict(self._board_folders(folder)),
            settings=settings,
            asked=dict(self._asked(name)),
        )

    def read_on(
        self, app: AppFacts, board: BoardFacts, given: Values | None = None
    ) -> AppBoardFacts:
        """Return the app on a board, with the options of `given` and the others at defaults."""
        trace = self._follow(app, board, given or {}, num_nodes=1)
        devices = self._devices(app, trace)
        settings = {each.name: each for each in settings_of(trace) if each.is_certain and each.name}
        return AppBoardFacts(
            board=board.name,
            given={name: value for name, value in (given or {}).items() if value is not None},
            settings=settings,
            files=served_files(trace),
            devices=devices,
            num_vms=self._num_vms(app, trace, devices),
            refused=next(iter(_refusals(trace, app.folder)), None),
            initrd_address=initrd_address(trace),
        )

    def smp_refused(self, board: BoardFacts) -> Span | None:
        """Return where the common settings refuse more than one node on a board, or None."""
        if board.arch is not Arch.ARM:
            return None
        places: list[set[Span]] = []
        for nodes in ("1", "2"):
            settings = self._settings(board, {"NUM_NODES": nodes}, "", Arch.ARM)
            trace = evaluate(tuple(self._common()), settings)
            own = f"{self._examples}/settings.cmake"
            places.append({each.span for each in _refusals(trace, own)})
        return next(iter(sorted(places[1] - places[0], key=str)), None)

    def common_settings(self, arch: Arch, board: BoardFacts | None) -> tuple[SettingFact, ...]:
        """Return what the common scripts set for sure on a board, the last word on each."""
        # Without a name, upstream takes an app for one of Arm; a PC's has to be named.
        pcs = (name for name, (kind, _) in self.known.items() if kind is Arch.X86)
        app = "" if arch is Arch.ARM else next(pcs, "")
        trace = evaluate(tuple(self._common()), self._settings(board, {}, app, arch))
        found = {
            each.name: each
            for each in settings_of(trace)
            if each.is_certain and not each.span.file.startswith(f"{self._examples}/apps/")
        }
        return tuple(found.values())

    def _common(self) -> Iterator[Script]:
        script = self._files.script(f"{self._examples}/settings.cmake")
        if script is not None:
            yield script

    def _settings(self, board: BoardFacts | None, given: Values, app: str, arch: Arch) -> Settings:
        variables: Values = {
            **PLACES,
            "CAMKES_VM_APP": app,
            "CMAKE_CURRENT_LIST_DIR": self._examples,
            "CMAKE_CURRENT_LIST_FILE": f"{self._examples}/settings.cmake",
            "CMAKE_CURRENT_SOURCE_DIR": self._examples,
            "AppArch": "Arm" if arch is Arch.ARM else "x86",
        }
        if board is not None and arch is Arch.ARM:
            variables |= board.variables
            variables |= {"PLATFORM": board.name}
            variables |= {"AARCH64": "1"} if board.needs_aarch64 else {}
            variables |= arch_variables(board.sel4_arch)
            variables.pop("KernelPlatform", None)
        if board is not None and arch is Arch.X86:
            variables |= arch_variables(board.sel4_arch)
        variables = option_values(self._options, {**variables, **given})
        return Settings(
            variables=variables, effects=EFFECTS, load=self._load, exists=self._files.exists
        )

    def _follow(self, app: AppFacts, board: BoardFacts, given: Values, *, num_nodes: int) -> Trace:
        """Follow the settings and then, with what they leave, the app's own CMakeLists.txt."""
        start = self._settings(board, {"NUM_NODES": str(num_nodes), **given}, app.name, app.arch)
        own = self._files.script(f"{app.folder}/{_SETTINGS[app.arch]}")
        first = evaluate(tuple(self._common()), start)
        is_met = any(each.span.file == (own.file if own else "") for each in first.events)
        if own is not None and not is_met:  # settings of another shape: the app's own at least
            first = evaluate((*self._common(), own), start)
        left: Values = {name: each.value for name, each in first.variables.items()}
        left |= {
            "CMAKE_CURRENT_SOURCE_DIR": app.folder,
            "CMAKE_CURRENT_LIST_DIR": app.folder,
            "CMAKE_CURRENT_BINARY_DIR": BUILD,
        }
        left = option_values(self._options, left)
        script = self._files.script(f"{app.folder}/CMakeLists.txt")
        second = evaluate(
            (script,) if script else (),
            Settings(variables=left, effects=EFFECTS, load=self._load, exists=self._files.exists),
        )
        return Trace(
            events=(*first.events, *self._imported(board, app.arch), *second.events),
            variables=second.variables,
            faults=(*first.faults, *second.faults),
        )

    def _imported(self, board: BoardFacts, arch: Arch) -> tuple[Event, ...]:
        """Return what the components that the app imports force; on a board it is always so."""
        if (arch, board.name) not in self._components:
            variables: Values = {**board.variables, **arch_variables(board.sel4_arch)}
            variables["KernelArchARM" if arch is Arch.ARM else "KernelArchX86"] = "ON"
            self._components[arch, board.name] = component_events(self._files, variables)
        return self._components[arch, board.name]

    def _load(self, name: str) -> Script | None:
        """Find the script that `include()` names."""
        return self._files.script(module_path(name) or name)

    def _board_folders(self, folder: str) -> Iterator[tuple[str, Span]]:
        """Yield the folders with a `devices.camkes` in them, or one level below."""
        for board in self._files.folders(folder):
            below = (f"{board}/{each}" for each in self._files.folders(f"{folder}/{board}"))
            for place in (board, *below):
                path = f"{folder}/{place}/{_DEVICES}"
                if self._files.text(path) is not None:
                    yield board, Span(file=path, line=1)
                    break

    def _asked(self, name: str) -> Iterator[tuple[str, Span]]:
        """Yield the variables in conditions of the app that nothing sets."""
        arch, folder = self.known[name]
        scripts = [
            self._files.script(f"{folder}/{each}") for each in (_SETTINGS[arch], "CMakeLists.txt")
        ]
        commands = [each for script in scripts if script for each in walk(script.statements)]
        known = {each.args[0].text for each in commands if each.command in _WRITING and each.args}
        known |= {each.name for each in self._options} | _CONTRACT
        known |= {choice.variable for each in self._options for choice in each.choices}
        for command in commands:
            if command.command in {"if", "elseif"}:
                for variable, span in _tested(command):
                    if variable not in known and not variable.startswith(("Kernel", "CMAKE_")):
                        yield variable, span

    def _devices(self, app: AppFacts, trace: Trace) -> DevicesFacts | None:
        defines: dict[str, str] = {}
        for flag in (trace.value("cpp_flags") or "").split(";"):
            match = _FLAG.fullmatch(flag)
            if match is not None:
                defines[match[1]] = match[2] or "1"
        for event in trace.called("CAmkESAddImportPath"):
            for folder in event.args:
                path = f"{app.folder}/{folder}/{_DEVICES}"
                if folder is not None and (text := self._files.text(path)) is not None:
                    return parse_devices(text, path, defines)
        for event in _rootservers(trace):
            path = f"{app.folder}/{event.args[0] if event.args else None}"
            found = parse_devices(self._files.text(path) or "", path, defines)
            if found.vms:
                return found
        return None

    def _num_vms(
        self, app: AppFacts, trace: Trace, devices: DevicesFacts | None
    ) -> Fact[int] | None:
        pcs = trace.called("DeclareCAmkESVM")
        if pcs:
            is_known = all(each.is_certain for each in pcs)
            return Fact(value=len(pcs) if is_known else None, span=pcs[0].span)
        if devices is not None and devices.vms:
            return Fact(value=len(devices.vms), span=devices.vms[0].span)
        for event in _rootservers(trace):
            path = f"{app.folder}/{event.args[0]}" if event.args else ""
            found = _GUEST.findall(self._files.text(path) or "")
            if found:
                return Fact(value=len(found), span=Span(file=path))
        return None


def _tested(command: Invocation) -> Iterator[tuple[str, Span]]:
    """Yield the variables of a condition: references, and names that stand alone."""
    last = len(command.args) - 1
    for place, word in enumerate(command.args):
        for match in _REFERENCE.finditer(word.text):
            yield match[1], word.span
        is_first = place == 0 or command.args[place - 1].is_word(*_JOINTS)
        is_last = place == last or command.args[place + 1].is_word(*_JOINTS)
        is_name = word.quoting is Quoting.BARE and _VARIABLE.fullmatch(word.text) is not None
        if is_first and is_last and is_name and word.text not in {*_JOINTS, *_CONSTANTS}:
            yield word.text, word.span


def _rootservers(trace: Trace) -> tuple[Event, ...]:
    return trace.called("DeclareCAmkESRootserver", "DeclareCAmkESVMRootServer")


def _refusals(trace: Trace, *folders: str) -> Iterator[Fact[str]]:
    """Yield the errors that scripts of `folders` end with for sure."""
    for event in trace.called("message"):
        is_theirs = event.span.file.startswith(folders)
        if event.args[:1] == ("FATAL_ERROR",) and event.is_certain and is_theirs:
            text = " ".join(each for each in event.args[1:] if each)
            yield Fact(value=" ".join(text.split()), span=event.span)


def pc_arch(settings: Mapping[str, SettingFact]) -> Sel4Arch | None:
    """Return what an app for PCs compiles the kernel as, by its own settings."""
    said = settings.get("KernelSel4Arch")
    is_known = said is not None and said.value in {each.value for each in Sel4Arch}
    return Sel4Arch(said.value) if said and said.value and is_known else None
