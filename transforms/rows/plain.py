"""Records as their JSON holds them."""

from __future__ import annotations

from typing import Any

from transforms.rows.related import Why
from transforms.rows.related_by import BY_READERS


def as_row(record: Any) -> Any:
    """Turn a record into the dict that its JSON holds, nested records included; other values stay as they are."""
    if isinstance(record, tuple):
        return [as_row(value) for value in record]
    if isinstance(record, dict):
        return {name: as_row(value) for name, value in record.items()}
    if hasattr(record, "__dataclass_fields__"):  # dataclasses.asdict also copies every value, at ten times the cost
        return {name: as_row(value) for name, value in fields_of(record).items()}
    return record


def fields_of(record: Any) -> dict[str, Any]:
    """Return a record's fields by name; what readers tell of related articles is there only where it is known."""
    named: dict[str, Any] = vars(record)
    if type(record) is Why:
        return {name: value for name, value in named.items() if value is not None or name not in BY_READERS}
    return named
