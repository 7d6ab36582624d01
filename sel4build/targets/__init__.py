# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""A selection over the catalogue to targets, or to rejections with their reasons."""

from sel4build.targets.features import PlatformFeatures, feature_matrix
from sel4build.targets.listing import (
    AppRow,
    CiBuildRow,
    OptionRow,
    PlatformRow,
    TargetRow,
    app_rows,
    ci_build_rows,
    expand_all,
    option_rows,
    platform_rows,
    target_rows,
)
from sel4build.targets.select import select

__all__ = [
    "AppRow",
    "CiBuildRow",
    "OptionRow",
    "PlatformFeatures",
    "PlatformRow",
    "TargetRow",
    "app_rows",
    "ci_build_rows",
    "expand_all",
    "feature_matrix",
    "option_rows",
    "platform_rows",
    "select",
    "target_rows",
]
