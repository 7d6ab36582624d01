# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The real cmake and ninja of the host, found as the program finds them."""

import functools
import os

from sel4build.configure.programs import find_cmake, find_ninja
from sel4build.model.host_program import HostProgram
from sel4build.process import SubprocessRunner


@functools.cache
def cmake() -> HostProgram:
    """Return the cmake that configures."""
    return find_cmake(os.environ, SubprocessRunner())


@functools.cache
def ninja() -> HostProgram:
    """Return the ninja that builds."""
    return find_ninja(os.environ, SubprocessRunner())
