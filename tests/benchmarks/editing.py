"""Edit the tags of every post of some blogs, with LF and with CRLF: how many, and what is refused and why.

    python -m tests.benchmarks.editing FOLDER…

Each post has its first tag renamed, its last one removed, tags merged and tags added, in a copy in memory. What the
product's own reader then finds must be what is wanted, no line of another key may differ, and no line may end otherwise
than the others.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator

from transforms.editing.changes import TagChanges
from transforms.editing.edit import Edited, Habits, Refused, edit_tags
from transforms.editing.new_key import Form
from transforms.reading.errors import LimitError, ParseError
from transforms.reading.fields import FIELDS, clean_tags, first_clean, tag_key
from transforms.reading.files import decode, list_all, read_content
from transforms.reading.front_matter import split_front_matter

NEW = ("C# & friends", "日本語 no: yes", "2024-01-02", "plain")
HABITS = Habits(form=Form(layout="flow"))


def edits_of(tags: tuple[str, ...]) -> Iterator[tuple[str, TagChanges, tuple[str, ...]]]:
    """The edits that a post is put through: their names, the changes, and the tags wanted."""
    if {tag_key(tag) for tag in NEW} & {tag_key(tag) for tag in tags}:
        return
    yield "add", TagChanges(add=NEW[:2]), (*tags, *NEW[:2])
    if tags:
        first, last = tag_key(tags[0]), tag_key(tags[-1])
        yield "rename", TagChanges({first: NEW[2]}), (NEW[2], *tags[1:])
        if len(tags) > 1:
            yield "merge", TagChanges({first: tags[-1]}), tags[1:]
            yield "remove", TagChanges(remove=frozenset({last})), tags[:-1]
            changes = TagChanges({first: NEW[3]}, frozenset({last}), NEW[:1])
            yield "mixed", changes, (NEW[3], *tags[1:-1], NEW[0])


def _is_right(old: bytes, new: bytes, wanted: tuple[str, ...]) -> bool:
    return tags_of(new) == wanted and same_ends(old, new) and within_tags(old, new)


def tags_of(data: bytes) -> tuple[str, ...]:
    """The tags of a post as the reader has them."""
    return first_clean(split_front_matter(decode(data, ""), "").values, FIELDS["tags"], clean_tags) or ()


def edit_post(data: bytes) -> Iterator[tuple[str, Refused | None]]:
    """Put a post through all edits: what came of each, "edited", "refused" with the reason, or "wrong"."""
    for name, changes, wanted in edits_of(tags_of(data)):
        done = edit_tags(data, changes, HABITS)
        if isinstance(done, Refused):
            yield f"{name} refused: {done.kind}", done
        else:
            is_right = isinstance(done, Edited) and _is_right(data, done.data, wanted)
            yield f"{name} {'edited' if is_right else 'WRONG'}", None


def within_tags(old: bytes, new: bytes) -> bool:
    """Tell whether the old bytes that differ are of the lines of one key, or none at all."""
    most = min(len(old), len(new))
    start = next((place for place in range(most) if old[place] != new[place]), most)
    end = next((place for place in range(most - start) if old[-1 - place] != new[-1 - place]), most - start)
    window = old[start : len(old) - end]
    return not re.search(rb"\n[\w-]+[ \t]*[:=][ \t\r\n]", window[:-1]) and len(window) < len(old) / 2 + 2_000


def same_ends(old: bytes, new: bytes) -> bool:
    """Tell whether all lines of the new file end in CRLF if all of the old one do, and none if none does."""
    all_crlf = old.count(b"\n") == old.count(b"\r\n")
    return new.count(b"\r\n") == (new.count(b"\n") if all_crlf else old.count(b"\r\n"))


def main(folders: list[str]) -> None:
    """Print for each blog how many edits came to what, with an example of each refusal."""
    for folder in folders:
        counts: Counter[str] = Counter()
        examples: dict[str, str] = {}
        start = time.process_time()
        for file in list_all([folder]):
            try:
                lf = read_content(file).replace(b"\r\n", b"\n")
                done = [*edit_post(lf), *edit_post(lf.replace(b"\n", b"\r\n"))]
            except (ParseError, LimitError):
                done = [("unreadable", None)]
            for name, refused in done:
                counts[name] += 1
                if refused or name.endswith("WRONG"):
                    where = f"{refused.line}: {refused.detail}" if refused else ""
                    examples.setdefault(name, f"  e.g. {file.path}:{where}")
        sys.stdout.write(f"{folder}: {time.process_time() - start:.1f} s of CPU\n")
        for name, count in sorted(counts.items()):
            sys.stdout.write(f"  {count:7,} {name}{examples.get(name, '')}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
