"""PTransforms that are dataclasses."""

from __future__ import annotations

import apache_beam as beam


class Composite(beam.PTransform):
    """What a PTransform derives from that is a dataclass: its fields are its settings and its side inputs.

    `expand` names stages and does nothing else. Such a class is not to be compared or hashed by its fields
    (`@dataclass(eq=False, repr=False)`): Beam tells applied transforms apart by identity.
    """

    def __post_init__(self) -> None:
        super().__init__()
