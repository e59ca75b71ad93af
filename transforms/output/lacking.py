"""The tags that a post lacks, as the report and the export propose them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from transforms.results import TagScore, TagTrial


def tag_rates(counts: Mapping[str, int], posts: int) -> dict[str, float]:
    """The shares of `posts` that carry each tag, by how many do."""
    return {tag: count / max(posts, 1) for tag, count in counts.items()}


def lacking_tags(scored: Iterable[TagScore], trial: TagTrial | None, rates: Mapping[str, float]) -> Iterator[TagScore]:
    """The best of the tags that a post lacks, of probabilities from the trial's on; without a trial, by cosines, all.

    `rates` are the shares of all posts that carry each tag: one that any post rather carries is not proposed.
    """
    for tag in scored:
        if not tag.present and not (trial and tag.score < max(trial.least, rates.get(tag.tag, 0.0))):
            yield tag
