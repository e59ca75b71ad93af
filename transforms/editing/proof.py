"""The proof that an edit does what it is meant to do, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transforms.reading.front_matter import FrontMatter


def proves(before: FrontMatter, after: FrontMatter, path: Sequence[str], wanted: object) -> bool:
    """Tell whether the one front matter has what the other has, but for the value `wanted` at the path.

    Both are as the reader of posts reads them; the texts below them are the same.
    """
    return keeps(before, after, _with_value(before.values, path, wanted))


def keeps(before: FrontMatter, after: FrontMatter, values: Mapping[str, object]) -> bool:
    """Tell whether the one front matter has these values, and all else as the other has it."""
    return (
        after.body == before.body
        and (after.language, after.line) == (before.language, before.line)
        and same(dict(values), after.values)
    )


def same(one: object, other: object) -> bool:
    """Tell whether two values are equal and of the same types.

    Aliases of YAML make values that stand in many places, and some that hold themselves: no pair is compared twice.
    """
    pending: list[tuple[Any, Any]] = [(one, other)]
    seen = set[tuple[int, int]]()
    while pending:
        left, right = pending.pop()
        if type(left) is not type(right):
            return False
        if not isinstance(left, dict | list):
            if left != right:
                return False
        elif (id(left), id(right)) not in seen:
            seen.add((id(left), id(right)))
            if len(left) != len(right) or (isinstance(left, dict) and left.keys() != right.keys()):
                return False
            pairs = (
                [(left[key], right[key]) for key in left] if isinstance(left, dict) else zip(left, right, strict=True)
            )
            pending.extend(pairs)
    return True


def _with_value(values: Mapping[str, object], path: Sequence[str], wanted: object) -> dict[str, object]:
    name, *rest = path
    within = values.get(name)
    inner = _with_value(within if isinstance(within, dict) else {}, rest, wanted) if rest else wanted
    return {**values, name: inner}
