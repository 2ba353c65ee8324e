"""The sets that Keras downloads: fetched once, checked by hash, kept in the datasets folder."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.data import archives, augmentation, cards, raw
from core.data.cards import Card
from core.data.facts import Array, DataFacts, Folders, TargetFacts
from core.data.raw import Raw, Target
from core.data.split import check_split, sizes
from core.errors import DataError
from core.spec import DownloadedData

CONNECT_SECONDS = 4
READ_SECONDS = 20


def is_ready(data: DownloadedData, folders: Folders) -> bool:
    """Whether the set is in the datasets folder already, so that no network is needed."""
    return all((folders.datasets / _file_name(data, item.url)).is_file() for item in cards.CARDS[data.source].files)


def fetch(data: DownloadedData, folders: Folders) -> list[str]:
    """Download what is missing; returns the files' paths.

    Raises:
        DataError: if there is no network, or the file is not what Keras says it is.
    """
    import pooch

    card = cards.CARDS[data.source]
    download = pooch.HTTPDownloader(timeout=(CONNECT_SECONDS, READ_SECONDS))
    try:
        return [
            pooch.retrieve(
                item.url, item.hash, fname=_file_name(data, item.url), path=folders.datasets, downloader=download
            )
            for item in card.files
        ]
    except (OSError, ValueError) as error:
        reason = "its hash is not the one that was published" if isinstance(error, ValueError) else "no network"
        raise DataError(
            f"{card.title} could not be downloaded ({reason}): the set needs the network once. "
            f"Until then use the bundled set {card.instead!r}."
        ) from error


def _file_name(data: DownloadedData, url: str) -> str:
    return f"{data.source}-{url.rpartition('/')[2]}"


def read(data: DownloadedData, folders: Folders) -> Raw:
    """Read the set: Keras's training rows, then its test rows; `rows` of them by chance if asked."""
    paths = fetch(data, folders)
    card = cards.CARDS[data.source]
    features, target = archives.READERS[data.source](paths)
    chosen = _chosen(len(features), data)
    features, target = features[chosen], target[chosen]
    return Raw(
        title=card.title,
        kind=card.kind,
        features=pd.DataFrame(features, columns=list(card.columns)) if card.columns else features,
        targets=(_target(card, target),),
        help=card.help,
        licence=card.licence,
        white=card.white,
        scaled=bool(card.columns),
        stratify=_can_stratify(card, data),
    )


def _chosen(rows: int, data: DownloadedData) -> Array:
    if data.rows is None or data.rows >= rows:
        return np.arange(rows)
    return np.random.default_rng(data.seed).permutation(rows)[: data.rows]


def _target(card: Card, values: Array) -> Target:
    if card.class_names:
        return raw.classes(card.target, values, card.class_names)
    return raw.numbers(card.target, values)


def _can_stratify(card: Card, data: DownloadedData) -> bool:
    """A small sample may lack a class; then the rows are split by chance alone."""
    return bool(card.class_names) and (data.rows is None or data.rows >= card.rows)


def describe(data: DownloadedData) -> DataFacts:
    """The facts, known without the files."""
    card = cards.CARDS[data.source]
    rows = min(card.rows, data.rows or card.rows)
    check_split(data)
    target = TargetFacts(card.target, card.task, len(card.class_names) or None, card.class_names)
    return DataFacts(
        source=data.source,
        title=card.title,
        rows=rows,
        task=target.task,
        feature_shape=card.shape,
        feature_names=card.columns,
        classes=target.classes,
        class_names=target.class_names,
        kind=card.kind,
        target_name=target.name,
        parts=sizes(rows, data),
        help=card.help,
        licence=card.licence,
        stratified=data.split == "stratified" or (data.split == "auto" and _can_stratify(card, data)),
        targets=(target,),
        value_range=augmentation.expected(data) if card.kind == "image" else None,
    )
