# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""How a target is called."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

_TRUTHS = {
    **dict.fromkeys(("1", "ON", "YES", "TRUE", "Y"), "ON"),
    **dict.fromkeys(("0", "OFF", "NO", "FALSE", "N"), "OFF"),
}


@dataclass(frozen=True, slots=True, order=True)
class TargetId:
    """The name of a target, such as `vm_minimal@tx2+n4`; also the name of its folders.

    One node is not said. Options of the user's are said by a digest of eight digits.
    """

    text: str

    @classmethod
    def of(
        cls,
        app: str,
        platform: str,
        num_nodes: int,
        defines: Mapping[str, str],
        options: Mapping[str, str] | None = None,
    ) -> "TargetId":
        """Compose the id; `options` are the user's by key, `defines` by CMake variable."""
        text = f"{app}@{platform}"
        if num_nodes != 1:
            text += f"+n{num_nodes}"
        wishes = {**defines, **{key: _folded(value) for key, value in (options or {}).items()}}
        if wishes:
            listing = "\n".join(f"{name}={wishes[name]}" for name in sorted(wishes))
            text += "+" + hashlib.sha256(listing.encode()).hexdigest()[:8]
        return cls(text)

    def __str__(self) -> str:
        """Return the text."""
        return self.text


def _folded(value: str) -> str:
    """Return one spelling of a truth, so that a file may be edited by hand."""
    return _TRUTHS.get(value.upper(), value)
