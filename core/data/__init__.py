"""Where rows come from, and how they reach the model: one file for each kind of source, one promise (`Raw`)."""

from __future__ import annotations

from core.data.asked import encode
from core.data.augmentation import in_training
from core.data.downloaded import fetch, is_ready
from core.data.facts import Column, DataFacts, Dataset, FileLimits, Folders, Part, Preview, TargetFacts
from core.data.loading import Prepared, describe, load, prepared
from core.data.own_table import Header, header, open_table
from core.data.previews import preview, show
from core.data.profiles import ColumnProfile, Hint, Profile, profile
from core.data.raw import Raw, Target
from core.data.sources import read
from core.data.tables import Table, kind, kind_of
from core.data.uploads import Incoming, adopt, find, forget, keep, too_large
from core.data.windows import steps_ahead

__all__ = [
    "Column",
    "ColumnProfile",
    "DataFacts",
    "Dataset",
    "FileLimits",
    "Folders",
    "Header",
    "Hint",
    "Incoming",
    "Part",
    "Prepared",
    "Preview",
    "Profile",
    "Raw",
    "Table",
    "Target",
    "TargetFacts",
    "adopt",
    "describe",
    "encode",
    "fetch",
    "find",
    "forget",
    "header",
    "in_training",
    "is_ready",
    "keep",
    "kind",
    "kind_of",
    "load",
    "open_table",
    "prepared",
    "preview",
    "profile",
    "read",
    "show",
    "steps_ahead",
    "too_large",
]
