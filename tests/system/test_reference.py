# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The reference says what the program says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_generated_reference_is_up_to_date() -> None:
    script = ROOT / "docs" / "reference" / "generate.py"
    outcome = subprocess.run(
        (sys.executable, script, "--check"), check=False, capture_output=True, text=True
    )

    assert (outcome.returncode, outcome.stdout) == (0, ""), "run docs/reference/generate.py"
