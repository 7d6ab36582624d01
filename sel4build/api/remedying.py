# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Mend what a doctor found: packages of the distribution, then Python packages of ours."""

from collections.abc import Callable, Iterable

from sel4build.api.context import Context
from sel4build.api.equipping import environment_for
from sel4build.api.provisioning import bring_missing
from sel4build.catalog.host import load_host_data
from sel4build.configure.python import make_environment
from sel4build.errors import EnvironmentLacksError
from sel4build.model.host import Finding


def remedy(context: Context, findings: Iterable[Finding], *, agrees: Callable[[str], bool]) -> None:
    """Bring what `findings` lack, as far as possible; what could not be brought is warned of."""
    missing = tuple(each for each in findings if not each.found)
    bring_missing(context, missing, agrees=agrees)
    names = {each.what for each in missing}
    for tool in load_host_data(context.overlays).tools.values():
        if not tool.locks or tool.summary not in names:
            continue
        try:
            make_environment(
                environment_for(context, tool),
                environ=context.environ,
                runner=context.runner,
                reporter=context.reporter,
            )
        except EnvironmentLacksError as error:
            context.reporter.warn("; ".join((error.message, *error.details[:1])))
