"""How large a thing from outside may be; all of it is looked at before anything is built."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """`parameters` and `layers` of a model that is taken in; the settings may say otherwise.

    `text_bytes` is for the description of a model, `weights_bytes` for the file of its weights, and with them those
    of the optimizer.
    """

    parameters: int = 20_000_000
    layers: int = 500
    text_bytes: int = 4 * MEGABYTE
    depth: int = 64

    @property
    def weights_bytes(self) -> int:
        return 16 * self.parameters + 16 * MEGABYTE

    @property
    def file_bytes(self) -> int:
        return self.weights_bytes + self.text_bytes + MEGABYTE


DEFAULT = Limits()
