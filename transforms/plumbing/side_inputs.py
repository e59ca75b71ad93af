"""Side inputs that every runner fills."""

from __future__ import annotations

from typing import Any

import apache_beam as beam
from apache_beam.pvalue import AsIter, AsSingleton, PCollection


def as_singleton(elements: PCollection[Any], label: str) -> AsSingleton:
    """Hand a PCollection's only element to a stage, from a copy of its own."""
    return AsSingleton(_copy(elements, label))


def as_iter(elements: PCollection[Any], label: str) -> AsIter:
    """Hand a PCollection's elements to a stage, from a copy of their own."""
    return AsIter(_copy(elements, label))


def _copy(elements: PCollection[Any], label: str) -> PCollection[Any]:
    """Copy a PCollection under a label, for side inputs alone.

    Beam's FnApiRunner (2.77) may take a stage that reads a PCollection as its main input for the one that makes it.
    It then fills the side input when that stage ends, which can be too late: others have seen it empty by then.
    """
    return elements | f"Share {label}" >> beam.Map(_same)


def _same(element: Any) -> Any:
    return element
