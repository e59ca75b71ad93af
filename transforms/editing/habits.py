"""How a blog writes its tags, so that what is added looks like the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import yaml

from transforms.editing.edit import LANGUAGES
from transforms.editing.find import find_tags, follow
from transforms.editing.lists import line_start
from transforms.editing.new_key import Form
from transforms.editing.written import RefusedError, Written
from transforms.reading.errors import LimitError
from transforms.reading.front_matter import FrontMatter


def form_of(matter: FrontMatter, names: Sequence[str]) -> Form | None:
    """The form of a post's tags, which are of a field with one of these names; None where it cannot be told."""
    try:
        tags = find_tags(matter.values, names)
        if tags is None or not tags.value:
            return None
        member = follow(LANGUAGES[matter.language].read(matter.source), tags.path)
    except (RefusedError, LimitError, RecursionError, ValueError, yaml.YAMLError):
        return None
    if member.value.kind == "mapping":
        return None
    if member.value.kind == "scalar":
        return Form(tags.path, "string")
    if member.value.flow or not member.value.items:
        return Form(tags.path, "flow")
    first, key = member.value.items[0], member.key
    return Form(tags.path, "block", _before(matter.source, first).partition("-")[0][len(_before(matter.source, key)) :])


def usual_forms(found: Iterable[tuple[str, Form]]) -> Mapping[str, Form]:
    """The form that most posts have, for each language of front matter; strings only where there is nothing else."""
    counts: defaultdict[str, Counter[Form]] = defaultdict(Counter)
    for language, form in found:
        counts[language][form] += 1
    return {
        language: min(forms, key=lambda form: (form.layout == "string", -forms[form], form))
        for language, forms in counts.items()
    }


def _before(source: str, value: Written) -> str:
    return source[line_start(source, value.start) : value.start]
