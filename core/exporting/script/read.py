"""What the lines that read or draw the rows leave behind for those that follow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Read:
    """Source lines that leave `x` and the `targets`; `shape` is that of a row of `x`, `white` a white pixel.

    With `is_windows`, `x` has the places of each window's rows in the table `rows`.
    """

    lines: list[str]
    shape: tuple[int, ...]
    imports: tuple[str, ...] = ()
    white: float | None = None
    is_image: bool = False
    scaled: bool = False
    targets: tuple[str, ...] = ("y",)
    is_frame: bool = False
    has_weights: bool = False
    is_windows: bool = False
    is_text: bool = False

    @property
    def names(self) -> list[str]:
        """What is split into parts; `w` are the weights of the rows."""
        return ["x", *self.targets, *(["w"] if self.has_weights else [])]
