# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What this host has and lacks for targets, found before anything is built."""

import concurrent.futures
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sel4build.api.context import Context
from sel4build.api.equipping import (
    examined_host,
    look_for_memo,
    look_for_modules,
    make_environments,
)
from sel4build.api.finding import find_workspace
from sel4build.api.knowing import catalog_about, known_catalog
from sel4build.api.preparing import pick_targets
from sel4build.api.selecting import select_one, select_wanted
from sel4build.api.surroundings import examine_machine, examine_resources
from sel4build.catalog import load_catalog
from sel4build.catalog.host import load_host_data
from sel4build.configure.examining import (
    ExaminedHost,
    examine_tool,
    examine_trap,
    found,
    toolchain_words,
)
from sel4build.configure.patience import ImpatientRunner
from sel4build.configure.programs import find_cmake, find_ninja
from sel4build.configure.toolchains import ToolchainHost, choose_toolchain
from sel4build.errors import EnvironmentLacksError, InputError
from sel4build.model.app import App
from sel4build.model.catalog import Catalog
from sel4build.model.configuration import ChosenToolchain
from sel4build.model.host import Finding, HostTool, Need, Phase
from sel4build.model.host_program import HostProgram
from sel4build.model.target import Selection, Target
from sel4build.model.toolchain import Toolchain, ToolchainArch
from sel4build.model.workspace import Workspace
from sel4build.process import Runner
from sel4build.targets.needs import needs_of
from sel4build.workspace.spec import read_spec

_NODES = re.compile(r"n\d+")
_GIT = Need(tool="git", why="fetch sources")


class HostLacksError(EnvironmentLacksError):
    """The host lacks what a build needs; `findings` say what."""

    def __init__(self, findings: Sequence[Finding], *, hint: str | None) -> None:
        """Name everything in one line, and say more of each below it."""
        names = ", ".join(f"`{each.what}`" for each in findings)
        super().__init__(
            f"this host lacks {names}",
            details=tuple(finding_line(each) for each in findings),
            hint=hint,
        )
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A target to be built with a toolchain, by default the first that works."""

    target: Target
    toolchain: str | None = None


def finding_line(finding: Finding) -> str:
    """Return one line: what, why it is needed, what brings it."""
    if finding.found:
        return f"{finding.what}: {finding.detail}"
    why = f", needed to {finding.why}" if finding.why else ""
    targets = f" ({', '.join(finding.targets)})" if finding.targets else ""
    cure = f"; {finding.cure}" if finding.cure else ""
    return f"{finding.what}: {finding.detail}{why}{targets}{cure}"


def examine(
    context: Context,
    directory: Path | None,
    wanted: tuple[str, ...],
    *,
    selection: Selection | None = None,
    toolchain: str | None = None,
) -> tuple[Finding, ...]:
    """Look for all that the `wanted` targets of a workspace need; all its targets by default.

    A `selection` stands for itself, in a workspace or not. Without one, outside of a workspace,
    look for what `wanted` names, or for all that the bundled app needs on every platform.
    """
    workspace = find_workspace(context, directory)
    if selection is not None:
        catalog = catalog_about(context, workspace, selection)
        if workspace is not None:
            overlays = context.overlays_of(workspace, read_spec(workspace))
            context = replace(context, overlays=overlays)
        chosen = select_one(catalog, selection)
        wish = Wish(target=chosen.target, toolchain=toolchain or chosen.toolchain)
        return examine_targets(context, catalog, (wish,), workspace=workspace)
    if workspace is None:
        catalog = load_catalog(context.overlays)
        named = tuple(
            Wish(target=select_one(catalog, selection_of(id_)).target, toolchain=toolchain)
            for id_ in wanted
        )
        return examine_targets(context, catalog, named or bundled_wishes(catalog))
    spec = read_spec(workspace)
    context = replace(context, overlays=context.overlays_of(workspace, spec))
    catalog = known_catalog(context, workspace, spec)
    known = {
        str(each.id): Wish(target=select_wanted(catalog, each), toolchain=each.toolchain)
        for each in spec.targets
    }
    ids = pick_targets(known, wanted) if wanted else tuple(known)
    wishes = tuple(known[id_] for id_ in ids)
    return examine_targets(context, catalog, wishes, workspace=workspace)


def selection_of(id_: str) -> Selection:
    """Return what an id such as `vm_minimal@tx2+n4` asks for, where no workspace knows it.

    Raises InputError for an id with a digest: only a workspace tells the options behind it.
    """
    app, _, rest = id_.partition("@")
    platform, *marks = rest.split("+")
    nodes = [mark.removeprefix("n") for mark in marks if _NODES.fullmatch(mark)]
    if len(marks) > len(nodes):
        message = f"what options target `{id_}` has is only known in its workspace"
        hint = "run this there, or name them: `--app APP --platform PLATFORM --option NAME=VALUE`"
        raise InputError(message, hint=hint)
    return Selection(app=app, platform=platform or None, num_nodes=nodes[0] if nodes else None)


def bundled_app(catalog: Catalog) -> App:
    """Return the app whose sources we ship; raises InputError when the catalogue has none."""
    for app in catalog.apps:
        if app.bundled:
            return app
    message = "the catalogue has no app whose sources are shipped"
    raise InputError(message)


def bundled_wishes(catalog: Catalog) -> tuple[Wish, ...]:
    """Return the bundled app on every platform that it has."""
    app = bundled_app(catalog)
    selections = (Selection(app=app.name, platform=each.platform) for each in app.platforms)
    return tuple(Wish(target=select_one(catalog, each).target) for each in selections)


def examine_targets(
    context: Context,
    catalog: Catalog,
    wishes: Sequence[Wish],
    *,
    workspace: Workspace | None = None,
    remembers: bool = False,
) -> tuple[Finding, ...]:
    """Look for all that building and booting the targets of `wishes` needs.

    `remembers` takes good news of earlier runs where nothing has changed since.
    """
    context = replace(context, runner=ImpatientRunner(context.runner))
    host = examined_host(context, load_host_data(context.overlays), remembers=remembers)
    examination = _Examination(
        context=context, catalog=catalog, host=host, root=workspace.root if workspace else None
    )
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        base = [pool.submit(_look_for_git, host)]
        for what, find in (("cmake", find_cmake), ("ninja", find_ninja)):
            base.append(pool.submit(_look_for_builder, what, find, host))
        others = [pool.submit(examination.findings, wish) for wish in wishes]
        return _merged(each for done in (*base, *others) for each in done.result())


def require_host(
    context: Context,
    catalog: Catalog,
    wishes: Sequence[Wish],
    *,
    workspace: Workspace | None = None,
    is_offline: bool = False,
) -> None:
    """Stop now when the host cannot build `wishes`; bring what needs no rights.

    Raises HostLacksError with everything that lacks.
    """
    data = load_host_data(context.overlays)
    host = examined_host(context, data, remembers=True)
    findings = examine_targets(context, catalog, wishes, workspace=workspace, remembers=True)
    lacking = [each for each in findings if not each.found and each.phase is Phase.BUILD]
    brought = {tool.summary for tool in data.tools.values() if tool.locks}
    others = [each for each in lacking if each.what not in brought]
    if others:
        raise HostLacksError(others, hint=f"run `{_fixing(wishes, workspace)}`")
    if lacking:
        targets = tuple(each.target for each in wishes)
        make_environments(context, data, targets, host, is_offline=is_offline)


def _fixing(wishes: Sequence[Wish], workspace: Workspace | None) -> str:
    """Return the command that brings what `wishes` lack, in a workspace that has them or not."""
    if workspace is not None and workspace.spec_file.is_file():
        words = [str(each.target.id) for each in wishes]
    else:
        target = wishes[0].target
        words = ["--app", target.app.name, "--platform", target.platform.name]
    return shlex.join(("sel4build", "doctor", *words, "--fix"))


def _merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join what is the same but for its targets, and tell what is missing for any of them."""
    merged: dict[Finding, dict[str, None]] = {}
    for each in findings:
        merged.setdefault(replace(each, targets=()), {}).update(dict.fromkeys(each.targets))
    joined = [replace(each, targets=tuple(ids)) for each, ids in merged.items()]
    seen: dict[tuple[str, bool, str], Finding] = {}
    for each in joined:
        known = seen.setdefault((each.what, each.found, each.detail), each)
        if known is not each:
            ids = tuple(dict.fromkeys((*known.targets, *each.targets)))
            phase = Phase.BUILD if Phase.BUILD in {known.phase, each.phase} else known.phase
            why = ", ".join(dict.fromkeys((known.why, each.why)))
            seen[each.what, each.found, each.detail] = replace(
                known, targets=ids, why=why, phase=phase
            )
    return tuple(seen.values())


def _look_for_git(host: ExaminedHost) -> tuple[Finding, ...]:
    git = examine_tool(host.data.tools[_GIT.tool], {}, host)
    return (replace(git, why=_GIT.why),) if git is not None else ()


def _look_for_builder(
    what: str, find: Callable[[Mapping[str, str], Runner], HostProgram], host: ExaminedHost
) -> tuple[Finding, ...]:
    why = "build every target"
    try:
        program = find(host.environ, host.runner)
    except EnvironmentLacksError as error:
        detail = "; ".join((error.message, *error.details))
        return (Finding(what=what, found=False, detail=detail, why=why, cure=error.hint),)
    detail = f"{program.version_text}, {program.path}"
    return (Finding(what=what, found=True, detail=detail, why=why),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Examination:
    """One look at the host for several targets."""

    context: Context
    catalog: Catalog
    host: ExaminedHost
    root: Path | None

    def findings(self, wish: Wish) -> tuple[Finding, ...]:
        """Return what was found and what lacks for one target."""
        return tuple(self._findings(wish))

    def _findings(self, wish: Wish) -> Iterator[Finding]:
        target = wish.target
        ids = (str(target.id),)
        compiler, chosen = self._compiler(wish)
        words = toolchain_words(chosen, _arch_of(chosen, target))
        yield replace(compiler, targets=ids)
        needs = needs_of(target)
        with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
            examined = pool.map(lambda need: self._need(need, target, words), needs)
            for need, finding in zip(needs, examined, strict=True):
                if finding is not None:
                    yield replace(finding, why=need.why, phase=need.phase, targets=ids)
        if self.root is not None:
            for trap in self.host.data.traps:
                caught = examine_trap(trap, self.root, target.platform.sel4_arch, words, self.host)
                if caught is not None:
                    yield replace(caught, why="link", targets=ids)
        resources = examine_resources(target, self.root, cwd=self.context.cwd)
        for each in (*resources, *examine_machine(target, self.host)):
            yield replace(each, targets=ids)

    def _need(self, need: Need, target: Target, words: Mapping[str, str]) -> Finding | None:
        tool = self.host.data.tools.get(need.tool)
        if tool is None:
            message = f"app `{target.app.name}` needs `{need.tool}`, which no file tells of"
            raise InputError(message, span=target.app.span)
        return examine_tool(tool, words, self.host, answer=self._answer)

    def _answer(self, tool: HostTool, _words: object) -> Finding | None:
        if tool.modules:
            return look_for_modules(self.context, tool, self.host)
        return look_for_memo(self.context, tool, self.root)

    def _compiler(self, wish: Wish) -> tuple[Finding, ChosenToolchain | None]:
        sel4_arch = wish.target.platform.sel4_arch
        what = f"compiler for {sel4_arch}"
        host = ToolchainHost(
            environ=self.context.environ,
            cache_dir=self.context.cache_dir,
            runner=self.context.runner,
            recollection=self.host.recollection,
        )
        try:
            chosen = choose_toolchain(
                self.catalog.toolchains,
                sel4_arch,
                app=wish.target.app.name,
                wanted=wish.toolchain,
                host=host,
            )
        except EnvironmentLacksError as error:
            return self._lacking_compiler(wish, what, "; ".join(error.details)), None
        found_ = found(what, f"{chosen.toolchain.name}: {chosen.version}")
        return replace(found_, why="compile"), chosen

    def _lacking_compiler(self, wish: Wish, what: str, detail: str) -> Finding:
        considered = [
            (toolchain, arch)
            for toolchain in self.catalog.toolchains
            if _considers(toolchain, wish)
            for arch in toolchain.archs
            if arch.sel4_arch == wish.target.platform.sel4_arch
        ]
        packages = [each.debian_package for _, each in considered if each.debian_package]
        requirements = [each.requirement for each, _ in considered if each.requirement]
        lacking = self.host.lacking(what, detail, packages=tuple(packages[:1]))
        requirement = next(iter(requirements), None)
        return replace(lacking, why="compile", requirement=requirement)


def _considers(toolchain: Toolchain, wish: Wish) -> bool:
    if wish.toolchain is not None:
        return toolchain.name == wish.toolchain
    return not toolchain.apps or wish.target.app.name in toolchain.apps


def _arch_of(chosen: ChosenToolchain | None, target: Target) -> ToolchainArch | None:
    archs = chosen.toolchain.archs if chosen is not None else ()
    return next((each for each in archs if each.sel4_arch == target.platform.sel4_arch), None)
