# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Lay the links and copies of a plan, remove stale ones, and remember what is ours."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sel4build.errors import InputError, Sel4BuildError
from sel4build.model.paths import RelPath
from sel4build.model.reporter import Reporter
from sel4build.model.workspace import Workspace
from sel4build.workspace.copies import lay_copy, observe_copy, remove_copy
from sel4build.workspace.links import lay_link, leads_nowhere, remove_link
from sel4build.workspace.placing import LeftAlone
from sel4build.workspace.plan import Action, CopyStep, LinkStep, SyncPlan
from sel4build.workspace.state import LaidCopy, LaidLink


@dataclass(slots=True)
class Laying:
    """What is done about the files of a workspace that lie beside its projects."""

    workspace: Workspace
    plan: SyncPlan
    reporter: Reporter
    errors: dict[str, Sel4BuildError] = field(default_factory=dict)
    left: list[LeftAlone] = field(default_factory=list)
    links: list[LinkStep] = field(default_factory=list)
    copies: list[LaidCopy] = field(default_factory=list)
    removed_links: list[LaidLink] = field(default_factory=list)
    removed_copies: list[LaidCopy] = field(default_factory=list)

    def run(self, placed: Collection[RelPath]) -> None:
        """Do it for the projects that are in place, copies before links as git-repo does."""
        self._remove_stale()
        for project, link in self.plan.unmatched:
            if project.path in placed:
                what = f"linkfile `{link.src}` of project `{project.name}`"
                self.reporter.note(f"{what} matches nothing")
        for copy in self.plan.copies:
            if copy.project.path in placed:
                self._do_copy(copy)
        for step in self.plan.links:
            if step.project.path in placed:
                self._do_link(step)

    def link_dests(self) -> tuple[RelPath, ...]:
        """Return the places of links that were laid or removed, sorted."""
        removed = (each.dest for each in self.removed_links)
        return tuple(sorted({*(each.link.dest for each in self.links), *removed}))

    def copy_dests(self) -> tuple[RelPath, ...]:
        """Return the places of copies that were laid or removed, sorted."""
        removed = (each.dest for each in self.removed_copies)
        return tuple(sorted({*(each.dest for each in self.copies), *removed}))

    def own_links(self, *, is_done: bool) -> tuple[LaidLink, ...]:
        """Return the links that are ours; before they are laid, those to be laid count too."""
        wanted = (Action.KEEP,) if is_done else (Action.KEEP, Action.CREATE)
        links = {
            each.dest: each
            for each in self.plan.state.links
            if not is_done or not self._is_stale(each)
        }
        for step in self.plan.links:
            if step.action in wanted or step in self.links:
                links[step.link.dest] = LaidLink(dest=step.link.dest, target=step.target)
        return tuple(links.values())

    def own_copies(self, *, is_done: bool) -> tuple[LaidCopy, ...]:
        """Return the copies that are ours, as `own_links` does.

        While they are being laid, a place has the old and the new one.
        """
        kept = {
            LaidCopy(dest=step.copy.dest, digest=step.digest)
            for step in self.plan.copies
            if step.digest is not None
            and (step.action is Action.KEEP or (not is_done and step.action is Action.CREATE))
        }
        before = set(self.plan.state.copies)
        if is_done:
            renewed = {each.dest for each in (*kept, *self.copies)}
            before = {each for each in before if each.dest not in renewed and self._holds(each)}
        return tuple(kept | before | set(self.copies))

    def _remove_stale(self) -> None:
        root, plan = self.workspace.root, self.plan
        self.removed_copies += [each for each in plan.stale_copies if remove_copy(root, each)]
        self.removed_links += [each for each in plan.stale_links if remove_link(root, each)]

    def _do_copy(self, step: CopyStep) -> None:
        root, dest = self.workspace.root, step.copy.dest
        if step.action is Action.CREATE:
            try:
                self.copies.append(lay_copy(root, step.project, step.copy))
            except Sel4BuildError as error:
                self.errors[dest.text] = error
        elif step.action is Action.BLOCKED:
            self._leave(dest, step.reason, f"the copy of `{step.project.path}/{step.copy.src}`")

    def _do_link(self, step: LinkStep) -> None:
        reason: str | None = step.reason
        if step.action is Action.KEEP:
            return
        if step.action is not Action.BLOCKED:
            try:
                reason = lay_link(self.workspace.root, step)
            except InputError as error:
                if not step.is_match:
                    self.errors[step.link.dest.text] = error
                    return
                reason = f"is not ours to lay: {error.message}"
            except Sel4BuildError as error:
                self.errors[step.link.dest.text] = error
                return
        if reason is None:
            self.links.append(step)
            if leads_nowhere(self.workspace.root, step):
                what = f"linkfile `{step.link.dest}` of project `{step.project.name}`"
                self.reporter.warn(f"{what} leads nowhere: there is no `{step.link.src}` in it")
        else:
            self._leave(step.link.dest, reason, f"the link to `{step.target}`")

    def _leave(self, dest: RelPath, reason: str, what: str) -> None:
        left = LeftAlone(path=dest.text, reason=reason)
        self.left.append(left)
        self.reporter.warn(f"{left}; {what} is not laid")

    def _is_stale(self, link: LaidLink) -> bool:
        place = link.dest.below(self.workspace.root)
        return link in self.removed_links or not place.is_symlink()

    def _holds(self, laid: LaidCopy) -> bool:
        return observe_copy(self.workspace.root, laid.dest).digest == laid.digest
