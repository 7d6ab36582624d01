# SPDX-FileCopyrightText: 2026 The sel4build authors
# SPDX-License-Identifier: BSD-2-Clause
"""TOML files to the catalogue of platforms, apps and toolchains."""

from sel4build.catalog.load import CatalogRoots, find_roots, load_catalog

__all__ = ["CatalogRoots", "find_roots", "load_catalog"]
