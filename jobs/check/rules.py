"""What a blog's config says of the rules, as the rules take it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jobs.options.settings import RuleSettings, Settings
from transforms.checks.settings import Settings as Rules

_TUNED = {"tag-suggest": ("suggest_from", "suggest_most"), "link-missing": ("link_from", "link_most")}
"""By rule, what it is called how sure it must be and how much it tells."""


def rules_of(settings: Settings, root: Path) -> Rules:
    """Turn settings into those of the rules, whose globs are below the root of the repository."""
    said = settings.check
    tuned: dict[str, Any] = {}
    for name, names in _TUNED.items():
        rule = said.rules.get(name, RuleSettings())
        given = zip(names, (rule.at_least, rule.most), strict=True)
        tuned |= {name: value for name, value in given if value is not None}
    return Rules(
        levels={name: rule.severity for name, rule in said.rules.items() if rule.severity},  # type: ignore[misc]
        ignored={_below(root, settings.folder, glob): names for glob, names in said.ignore.items()},
        synonyms=settings.tags.synonyms,
        known_tags=settings.tags.known,
        closed=settings.tags.closed,
        **tuned,
    )


def _below(root: Path, folder: str, glob: str) -> str:
    """A glob below the root that is given below a folder; what is outside of the root matches nothing there."""
    place = Path(folder).resolve()
    above = place.relative_to(root).as_posix() if place.is_relative_to(root) else "."
    return glob if above == "." else f"{above}/{glob}"
