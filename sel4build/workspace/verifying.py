# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Demand that commits are signed, before anything of them is checked out or locked.

The objects are fetched first, to where the sync wants them anyway. A commit is verified when it is
signed itself, or when a signed tag leads to it; one good signature is enough. A tag that the
manifest names, however, has to be the tag of that name.
"""

import concurrent.futures
import contextlib
import fnmatch
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sel4build.errors import InputError, ProblemsError, Sel4BuildError
from sel4build.git.client import Git
from sel4build.git.connections import Connections
from sel4build.git.failure import GitError, combine_errors, explain_remote_error
from sel4build.git.git_dir import KEPT, GitDir
from sel4build.git.judging import Verdict
from sel4build.git.remotes import GitRemote
from sel4build.git.repository import Repository
from sel4build.git.safety import bundled_name, without_credentials
from sel4build.git.signatures import Inspector, Keys
from sel4build.git.supply import NAMELESS, FetchOptions, Supplier, Wanted
from sel4build.git.tags import TagAt, find_tags
from sel4build.git.transfers import Transfers, describe_size
from sel4build.model.lock import Lock, LockedProject
from sel4build.model.manifest import CommitId
from sel4build.model.reporter import Reporter, TaskEnd
from sel4build.model.signatures import Evidence, Fault, Refusal, SignaturePolicy, Verified
from sel4build.model.workspace import Workspace
from sel4build.reading import suggest
from sel4build.workspace.placing import located_remote, staging_dir, wanted_of
from sel4build.workspace.progress import completed, describe_transfers
from sel4build.workspace.remote import remote_of
from sel4build.writing import explaining_os_errors

_TASK = "signatures"
_MOST_AT_ONCE = 8
_TAG_FOLDER = "refs/tags/"


class UnverifiedError(ProblemsError):
    """Nobody who is trusted vouches for some of the commits; each is told with its reason."""

    def __init__(self, refusals: Sequence[Refusal], *, total: int) -> None:
        """Name all of them."""
        count = f"{len(refusals)} of {total} commits" if total > 1 else "the manifest's commit"
        message = f"{count} could not be verified; nothing was checked out or locked"
        problems = tuple((None, f"{_label(each.path)}: {each.reason}") for each in refusals)
        super().__init__(message, problems, hint=_hint({each.fault for each in refusals}))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """A commit that is to be verified; the fields are those of `Refusal`, and where it is."""

    path: str | None
    wanted: Wanted
    project: LockedProject | None = None
    git_dir: Path | None = None
    """A git directory that has it, where one is known."""
    is_exempt: bool = False
    work_tree: Path | None = None
    """Where it is brought to, where it is no project's."""


class Verifier:
    """Verifies commits of one workspace, each once. The caller holds the workspace."""

    def __init__(
        self,
        workspace: Workspace,
        policy: SignaturePolicy,
        *,
        git: Git,
        fetch: FetchOptions,
        reporter: Reporter,
        jobs: int | None = None,
    ) -> None:
        """Fetch with `git` and `fetch` what is not there. Raises InputError for lost keys."""
        self._workspace = workspace
        self._policy = policy
        self._git = git
        self._fetch = fetch
        self._reporter = reporter
        self._jobs = jobs or _MOST_AT_ONCE
        self._keys = find_keys(policy, workspace)
        self._known: dict[tuple[str, CommitId], Verified] = {}
        self._told: set[str] = set()

    def verify_manifest(self, git_dir: Path, wanted: Wanted) -> None:
        """Verify the commit of the manifest's repository, which `git_dir` has.

        Raises UnverifiedError, and EnvironmentLacksError when a program is missing.
        """
        is_exempt = self._policy.unsigned_manifest
        subject = _Subject(path=None, wanted=wanted, git_dir=git_dir, is_exempt=is_exempt)
        self._verify_all((subject,), self._git.knowing([wanted.url]))

    def verify_lock(self, lock: Lock, *, git: Git | None = None) -> tuple[Verified, ...]:
        """Verify all projects of `lock`, and the commit of its manifest where that has a URL.

        Raises UnverifiedError that names all that are not signed as they should be, what fetching
        raises, and EnvironmentLacksError when a program is missing.
        """
        self._require_own_keys(lock)
        self._warn_of_patterns(lock)
        subjects = [
            _Subject(
                path=each.path.text,
                wanted=wanted_of(each),
                project=each,
                is_exempt=self._policy.exempts(each.path.text, each.name),
            )
            for each in lock.projects
        ]
        if lock.origin.url is not None and lock.manifest_commit is not None:
            subjects.insert(0, self._manifest_of(lock, lock.origin.url, lock.manifest_commit))
        subjects += [
            _Subject(
                path=f"{each.path} (submanifest)",
                wanted=Wanted(commit=each.commit, url=each.url, upstream=each.revision),
                is_exempt=self._policy.unsigned_manifest,
                work_tree=self._workspace.submanifest_dir(each.path),
            )
            for each in lock.submanifests
        ]
        return self._verify_all(tuple(subjects), git or self._git)

    def _warn_of_patterns(self, lock: Lock) -> None:
        """Say which exemptions are those of no project: they may be misspelt."""
        names = [name for each in lock.projects for name in (each.path.text, each.name)]
        for pattern in self._policy.unsigned:
            if pattern in self._told or any(fnmatch.fnmatchcase(one, pattern) for one in names):
                continue
            self._told.add(pattern)
            meant = suggest(pattern, names)
            did_you_mean = f"; did you mean `{meant}`?" if meant else ""
            text = f"`{pattern}`, which needs no signature, is no project of the lock"
            self._reporter.warn(text + did_you_mean)

    def _manifest_of(self, lock: Lock, url: str, commit: CommitId) -> _Subject:
        wanted = Wanted(commit=commit, url=url, upstream=lock.origin.revision)
        return _Subject(path=None, wanted=wanted, is_exempt=self._policy.unsigned_manifest)

    def _verify_all(self, subjects: tuple[_Subject, ...], git: Git) -> tuple[Verified, ...]:
        self._reporter.start(_TASK, total=len(subjects))
        transfers = Transfers()
        try:
            with _scratch(self._workspace, git) as scratch:
                supplier = Supplier(
                    git,
                    base_dir=self._workspace.root,
                    options=self._fetch,
                    reporter=self._reporter,
                    transfers=transfers,
                )
                inspector = Inspector(git, scratch=scratch, keys=self._keys)
                judge = _Judge(self._workspace, git, supplier, inspector, transfers)
                found = self._judge_all(judge, subjects)
        except BaseException:
            self._reporter.finish(_TASK, end=TaskEnd.FAILED)
            raise
        size = transfers.snapshot().size_bytes
        self._reporter.finish(_TASK, detail=f"{describe_size(size)} received" if size else "")
        return found

    def _judge_all(self, judge: "_Judge", subjects: tuple[_Subject, ...]) -> tuple[Verified, ...]:
        found: dict[int, Verified | Refusal] = {}
        errors: dict[int, Sel4BuildError] = {}
        last = ""

        def report() -> None:
            done = len(found) + len(errors)
            detail = describe_transfers(judge.transfers.snapshot(), last)
            self._reporter.progress(_TASK, done=done, total=len(subjects), detail=detail)

        pool = concurrent.futures.ThreadPoolExecutor(self._jobs, thread_name_prefix="verify")
        try:
            futures = {
                pool.submit(self._judged, judge, each): index for index, each in enumerate(subjects)
            }
            for future in completed(futures, tick=report):
                index = futures[future]
                try:
                    found[index] = future.result()
                except Sel4BuildError as error:
                    errors[index] = error
                last = subjects[index].path or "manifest"
                report()
        except BaseException:
            judge.interrupt()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        if errors:
            failed = [errors[index] for index in sorted(errors)]
            raise combine_errors(f"{len(failed)} projects could not be verified", failed)
        ordered = [found[index] for index in sorted(found)]
        refusals = [each for each in ordered if isinstance(each, Refusal)]
        if refusals:
            raise UnverifiedError(refusals, total=len(subjects))
        return tuple(each for each in ordered if isinstance(each, Verified))

    def _judged(self, judge: "_Judge", subject: _Subject) -> Verified | Refusal:
        wanted = subject.wanted
        if bundled_name(wanted.url) is not None:
            return _verified(subject, Evidence.BUNDLED)
        if subject.is_exempt:
            return _verified(subject, Evidence.EXEMPT)
        key = (without_credentials(wanted.url), wanted.commit)
        if key in self._known:
            before = self._known[key]
            return _verified(subject, before.evidence, verdict_of=before)
        with judge.transfers.running(wanted.path or NAMELESS):
            result = judge.judge(subject)
        if isinstance(result, Verified):
            self._known[key] = result
        return result

    def _require_own_keys(self, lock: Lock) -> None:
        """Raise InputError when keys lie where a project could bring its own."""
        paths = {each.path for each in lock.projects}
        for place in filter(None, (self._keys.allowed_signers, self._keys.gpg_home)):
            for path in sorted(paths):
                if place.resolve().is_relative_to(path.below(self._workspace.root).resolve()):
                    message = f"the keys in `{place}` belong to the project `{path}` itself"
                    hint = "keep them where no project lies"
                    raise InputError(message, hint=hint)


class _Judge:
    """Finds or fetches a commit, and judges it."""

    def __init__(
        self,
        workspace: Workspace,
        git: Git,
        supplier: Supplier,
        inspector: Inspector,
        transfers: Transfers,
    ) -> None:
        self.transfers = transfers
        self._workspace = workspace
        self._git = git
        self._supplier = supplier
        self._inspector = inspector

    def interrupt(self) -> None:
        self._supplier.interrupt()

    def judge(self, subject: _Subject) -> Verified | Refusal:
        """Return what is to be thought of a commit; raises what fetching raises."""
        wanted = subject.wanted
        try:
            git_dir = self._bring(subject)
            own = self._inspector.judge_commit(git_dir / "objects", wanted.commit)
            if own.signature is not None:
                return _verified(subject, Evidence.COMMIT, verdict_of=own)
            here = self._as_git_dir(git_dir)
            # Those that an earlier run has asked for; the user's own may be a part of them.
            kept = [each for each in find_tags(here, wanted.commit) if each.ref.startswith(KEPT)]
            known = self._judge_tags(subject, own, tuple(kept))
            if isinstance(known, Verified):
                return known
            self._supplier.supply_tags(git_dir, wanted)
            tags = find_tags(here, wanted.commit)
        except GitError as error:
            raise explain_remote_error(
                error,
                subject=_label(subject.path),
                url=wanted.url,
                revision=wanted.commit,
                done="verified",
            ) from error
        return self._judge_tags(subject, own, tags)

    def _judge_tags(
        self, subject: _Subject, own: Verdict, tags: tuple[TagAt, ...]
    ) -> Verified | Refusal:
        upstream = (subject.wanted.upstream or "").removeprefix(_TAG_FOLDER)
        ordered = sorted(
            {(tag.name, tag.id): tag for tag in tags}.values(), key=lambda tag: tag.name
        )
        verdicts = [(tag, self._inspector.judge_tag(tag)) for tag in ordered]
        misnamed = [
            (tag, verdict)
            for tag, verdict in verdicts
            if tag.name == upstream and verdict.fault is Fault.RENAMED_TAG and not verdict.signature
        ]
        for tag, verdict in verdicts if not misnamed else ():
            if verdict.signature is not None:
                return _verified(subject, Evidence.TAG, verdict_of=verdict, tag=tag.name)
        commit = subject.wanted.commit
        reasons = [f"commit `{commit[:12]}` {own.reason}"]
        reasons += [f"tag `{tag.name}` {verdict.reason}" for tag, verdict in misnamed or verdicts]
        if not verdicts and own.fault is Fault.UNSIGNED:
            reasons[0] += ", and no signed tag leads to it"
        fault = own.fault
        if misnamed or (fault is Fault.UNSIGNED and verdicts):
            fault = (misnamed or verdicts)[0][1].fault
        return Refusal(path=subject.path, commit=commit, fault=fault, reason="; ".join(reasons))

    def _bring(self, subject: _Subject) -> Path:
        """Return a git directory that has the commit; fetch it where there is none."""
        if subject.git_dir is not None:
            return subject.git_dir
        wanted, root = subject.wanted, self._workspace.root
        if subject.project is None:
            remote = None if bundled_name(wanted.url) else GitRemote(url=wanted.url)
            work_tree = subject.work_tree or self._workspace.manifest_dir
            repository = Repository(git=self._git, work_tree=work_tree)
        else:
            path = subject.project.path
            for place in (path.below(root) / ".git", self._workspace.git_home(path)):
                found = self._as_git_dir(place)
                if place.is_dir() and (
                    found.keeps(wanted.commit) or found.has_commit(wanted.commit)
                ):
                    return place
            remote = remote_of(subject.project)
            repository = Repository(git=self._git, work_tree=staging_dir(self._workspace, path))
        repository.create(located_remote(self._git, remote, root))
        repository.remove_stale_files()
        self._supplier.supply(repository.git_dir, wanted)
        return repository.git_dir

    def _as_git_dir(self, path: Path) -> GitDir:
        return GitDir(git=self._git, path=path, connections=Connections())


def find_keys(policy: SignaturePolicy, workspace: Workspace) -> Keys:
    """Return the places of the keys that `policy` names; raise InputError when one is not there."""
    signers = policy.allowed_signers and workspace.root / policy.allowed_signers
    home = policy.gpg_home and workspace.root / policy.gpg_home
    if signers and not signers.is_file():
        raise InputError(f"there is no file of allowed signers `{signers}`")
    if home and not home.is_dir():
        raise InputError(f"there is no gpg keyring in `{home}`")
    return Keys(allowed_signers=signers or None, gpg_home=home or None)


def _verified(
    subject: _Subject,
    evidence: Evidence,
    *,
    verdict_of: Verdict | Verified | None = None,
    tag: str | None = None,
) -> Verified:
    if isinstance(verdict_of, Verified):
        tag = verdict_of.tag
    return Verified(
        path=subject.path,
        commit=subject.wanted.commit,
        evidence=evidence,
        tag=tag,
        signature=None if verdict_of is None else verdict_of.signature,
    )


def _label(path: str | None) -> str:
    return "the manifest" if path is None else f"`{path}`"


def _hint(faults: set[Fault]) -> str | None:
    """Say what helps against the fault that most probably is a lack of knowledge."""
    if Fault.BAD in faults or Fault.RENAMED_TAG in faults:
        return "do not use these sources before somebody has explained that"
    if Fault.NO_SIGNERS in faults:
        return "name the keys: `--allowed-signers FILE`"
    if Fault.UNKNOWN_KEY in faults:
        return "add the key to your keyring or file of signers, once you know whose it is"
    if Fault.UNTRUSTED_KEY in faults:
        return "certify the key with `gpg --quick-lsign-key`, or name a keyring: `--gpg-home DIR`"
    if faults == {Fault.UNSIGNED}:
        return "where that is as it should be: `--allow-unsigned PROJECT`"
    return None


@contextlib.contextmanager
def _scratch(workspace: Workspace, git: Git) -> Iterator[Path]:
    """Yield a new, empty bare repository of ours; it is gone afterwards."""
    with explaining_os_errors(workspace.state_dir):
        workspace.state_dir.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix="verify-", dir=workspace.state_dir)
    with folder as name:
        git_dir = GitDir(git=git, path=Path(name), connections=Connections())
        git_dir.create(is_bare=True)
        yield git_dir.path
