# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""The text of a `<notice>`, with the blanks that belong to the XML taken away (PEP 257)."""

_INDENT = " " * 4


def clean_notice(text: str) -> str:
    """Return the lines without common indentation, and without blank lines around them.

    The first line, which stands beside the tag, has no part in the indentation (git-repo,
    manifest_xml.py, _ParseNotice).
    """
    lines = text.splitlines() or [""]
    rest = [line for line in lines[1:] if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in rest), default=0)
    cleaned = [lines[0].strip(), *(line[indent:].rstrip() for line in lines[1:])]
    while cleaned and not cleaned[0]:
        del cleaned[0]
    while cleaned and not cleaned[-1]:
        del cleaned[-1]
    return "\n".join(cleaned)


def indent_notice(text: str) -> str:
    """Return what stands between the tags for the notice `text`."""
    lines = "\n".join(f"{_INDENT}{line}" if line else "" for line in text.split("\n"))
    return f"\n{lines}\n  "
