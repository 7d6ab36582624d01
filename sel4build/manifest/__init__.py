# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""Manifests in git-repo's XML format, from their files to a resolved `Manifest`.

Hidden here: the grammar, the order in which statements take effect, and how includes are found.
"""

from sel4build.manifest.files import (
    ManifestFiles,
    find_manifest,
    find_shipped_lock,
    list_manifests,
)
from sel4build.manifest.groups import effective_groups, select_projects, split_groups
from sel4build.manifest.load import load_manifest

__all__ = [
    "ManifestFiles",
    "effective_groups",
    "find_manifest",
    "find_shipped_lock",
    "list_manifests",
    "load_manifest",
    "select_projects",
    "split_groups",
]
