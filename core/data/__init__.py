"""Where rows come from, and how they reach the model: one file for each kind of source, one promise (`Raw`)."""

from __future__ import annotations

from core.data.asked import encode
from core.data.augmentation import in_training
from core.data.downloaded import fetch, is_ready
from core.data.facts import Column, DataFacts, Dataset, Folders, Part, Preview, TargetFacts
from core.data.loading import Prepared, describe, load, prepared
from core.data.own_table import Header, header
from core.data.previews import preview, show
from core.data.profiles import ColumnProfile, Hint, Profile, profile
from core.data.raw import Raw, Target
from core.data.sources import read
from core.data.tables import kind
from core.data.uploads import adopt, forget, is_kept, keep

__all__ = [
    "Column",
    "ColumnProfile",
    "DataFacts",
    "Dataset",
    "Folders",
    "Header",
    "Hint",
    "Part",
    "Prepared",
    "Preview",
    "Profile",
    "Raw",
    "Target",
    "TargetFacts",
    "adopt",
    "describe",
    "encode",
    "fetch",
    "forget",
    "header",
    "in_training",
    "is_kept",
    "is_ready",
    "keep",
    "kind",
    "load",
    "prepared",
    "preview",
    "profile",
    "read",
    "show",
]
