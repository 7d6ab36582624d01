# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Start a planned machine, watch its console, and say how it ended."""

import shutil
from collections.abc import Callable, Sequence

from sel4build.boot.watch import MarkerWatch
from sel4build.catalog.hints import find_advice
from sel4build.errors import WorkError
from sel4build.model.command import Outcome
from sel4build.model.host import Hint
from sel4build.model.image import BootOutcome, BootPlan, Verdict
from sel4build.model.reporter import Reporter, SilentReporter, TaskEnd
from sel4build.process import Runner, explain_status
from sel4build.writing import explaining_os_errors

_TAIL_CHARS = 8192
_SHOWN_LINES = 20


def run_boot(
    plan: BootPlan,
    *,
    runner: Runner,
    reporter: Reporter | None = None,
    on_text: Callable[[str], None] | None = None,
) -> BootOutcome:
    """Start the machine and watch it until a marker, its end, or the time decides.

    `on_text` gets what the console shows as it arrives, without control sequences. The console
    goes to `plan.console_file` byte for byte. Raises EnvironmentLacksError when QEMU cannot be
    started or the disk is full; a machine that fails is an outcome, not an error.
    """
    reporter = reporter or SilentReporter()
    task = f"boot {plan.target}"
    reporter.start(task, total=len(plan.success))
    end = TaskEnd.FAILED
    try:
        _lay_scratch(plan)
        console = _Console(plan, task=task, reporter=reporter, on_text=on_text)
        outcome = runner.run(
            plan.command,
            watch=console.take,
            log_file=plan.console_file,
            timeout_s=plan.timeout_s,
        )
        verdict = _judge(console.watch, outcome)
        end = TaskEnd.DONE if verdict is Verdict.PASSED else TaskEnd.FAILED
    finally:
        reporter.finish(task, end=end)
    return BootOutcome(
        plan=plan,
        verdict=verdict,
        marker=console.watch.marker or console.watch.awaited,
        duration_s=outcome.duration_s,
        console=console.tail,
        returncode=outcome.returncode if verdict is Verdict.ENDED else None,
    )


def explain_boot(outcome: BootOutcome, hints: Sequence[Hint] = ()) -> WorkError | None:
    """Return the error that tells why a boot failed, with what `hints` know; None if it passed."""
    if outcome.verdict is Verdict.PASSED:
        return None
    plan = outcome.plan
    lines = [line for line in outcome.console.split("\n") if line.strip()]
    advice = find_advice((lines[::-1],), hints)
    return WorkError(
        f"booting `{plan.target}` failed: {_reason(outcome)}",
        details=(*lines[-_SHOWN_LINES:], *((advice.cause_line,) if advice is not None else ())),
        hint=advice.cure if advice is not None else None,
        log_file=plan.console_file,
    )


def _reason(outcome: BootOutcome) -> str:
    if outcome.verdict is Verdict.FAILED:
        return f"the console shows `{outcome.marker}`"
    if outcome.verdict is Verdict.TIMEOUT:
        return f"the console did not show `{outcome.marker}` within {outcome.plan.timeout_s:g} s"
    ended = Outcome(
        command=outcome.plan.command,
        returncode=outcome.returncode or 0,
        output="",
        duration_s=outcome.duration_s,
    )
    return f"QEMU {explain_status(ended)} before the console showed `{outcome.marker}`"


class _Console:
    """Takes the output of the machine as it arrives."""

    def __init__(
        self,
        plan: BootPlan,
        *,
        task: str,
        reporter: Reporter,
        on_text: Callable[[str], None] | None,
    ) -> None:
        self.watch = MarkerWatch(plan.success, plan.errors)
        self.tail = ""
        self._plan = plan
        self._task = task
        self._reporter = reporter
        self._on_text = on_text

    def take(self, piece: str) -> bool:
        """Take a piece and tell whether the verdict is clear."""
        before = self.watch.num_seen
        shown = self.watch.feed(piece)
        self.tail = (self.tail + shown)[-_TAIL_CHARS:]
        if self._on_text is not None and shown:
            self._on_text(shown)
        if self.watch.num_seen > before:
            self._reporter.progress(
                self._task,
                done=self.watch.num_seen,
                total=len(self._plan.success),
                detail=self._plan.success[self.watch.num_seen - 1],
            )
        return self.watch.verdict is not None


def _judge(watch: MarkerWatch, outcome: Outcome) -> Verdict:
    if watch.verdict is not None:
        return watch.verdict
    return Verdict.TIMEOUT if outcome.timed_out else Verdict.ENDED


def _lay_scratch(plan: BootPlan) -> None:
    """Make the scratch folder hold the files of the plan and nothing of an earlier boot."""
    with explaining_os_errors(plan.console_file):
        plan.console_file.unlink(missing_ok=True)
    if plan.scratch_dir is None:
        return
    with explaining_os_errors(plan.scratch_dir):
        if plan.scratch_dir.exists():
            shutil.rmtree(plan.scratch_dir)
        plan.scratch_dir.mkdir(parents=True)
        for file in plan.files:
            place = file.path.below(plan.scratch_dir)
            place.parent.mkdir(parents=True, exist_ok=True)
            if file.source is not None:
                shutil.copyfile(file.source, place)
            else:
                place.write_bytes(file.content or b"")
