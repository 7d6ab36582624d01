# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""What the global components, which every VM app imports, set whatever the user says.

How they are imported: camkes-vm Findcamkes-arm-vm.cmake and Findcamkes-vm.cmake include
global-components.cmake, which goes through the folders of the components.
"""

from collections.abc import Iterator

from sel4build.model.sources import Event
from sel4build.sources.evaluate import Settings, Values, evaluate
from sel4build.sources.files import SourceFiles
from sel4build.sources.layout import GLOBAL_COMPONENTS
from sel4build.sources.settings import is_forcing


def component_events(files: SourceFiles, variables: Values) -> tuple[Event, ...]:
    """Return the commands that force a variable of the cache for sure, in order.

    `variables` are what the scripts find, such as `KernelPlatform`.
    """
    return tuple(event for event in _events(files, variables) if is_forcing(event))


def _events(files: SourceFiles, variables: Values) -> Iterator[Event]:
    script = files.script(GLOBAL_COMPONENTS)
    if script is None:
        return
    folder = GLOBAL_COMPONENTS.rpartition("/")[0]
    start = Settings(
        variables={**variables, "CMAKE_CURRENT_LIST_DIR": folder},
        load=files.script,
        exists=files.exists,
    )
    trace = evaluate((script,), start)
    for event in trace.events:
        yield event
        if event.command != "add_subdirectory" or not event.is_certain or not event.args:
            continue
        place = event.args[0]
        below = files.script(f"{place}/CMakeLists.txt") if place is not None else None
        if below is not None:
            yield from evaluate((below,), start).events
