"""Agreement and the tables, against hand-computed values."""

import dataclasses

import pytest

from reports.comparison import compare_pair, compare_runs, comparison_markdown, run_row
from transforms.output.compared_runs import ComparedRun, Cost

LEFT = ComparedRun(
    name="out/lsa",
    encoder="lsa-1-abc",
    parts=("title", "body"),
    dim=320,
    posts=1234,
    digest="d1",
    metrics={
        ("related dice@4", "random"): 0.01,
        ("related dice@4", "text"): 0.25,
        ("tags map@10", "means"): 0.5,
        ("tags map@10", "names"): None,
    },
    in_use={"related dice@4": "text", "tags map@10": "means"},
    stages={
        "read": Cost(1.0, 100),
        "encode": Cost(2.0, 300),
        "fit encoder": Cost(0.5, 200),
        "load encoder": Cost(0.25, 200),
    },
    related={
        "a": ("b", "c", "d", "e", "f"),
        "b": ("a", "c", "d", "e"),
        "c": ("a", "b"),
        "d": (),
        "only left": ("a",),
    },
)
RIGHT = dataclasses.replace(
    LEFT,
    name="out/use",
    encoder="use-3-def",
    digest="d2",
    stages={},
    related={
        "a": ("b", "f", "e", "x"),  # b and e of four; f is the fifth of the left
        "b": ("c", "a", "e", "d"),  # all four, another first
        "c": ("a", "b", "x", "y"),  # two of the longer four
        "d": (),  # nothing to agree on
        "only right": ("a",),
    },
)


def test_agreement_by_hand():
    pair = compare_pair(LEFT, RIGHT)
    assert (pair.left, pair.right, pair.posts, pair.same_digest) == ("out/lsa", "out/use", 4, False)
    assert pair.in_common == pytest.approx((2 / 4 + 4 / 4 + 2 / 4) / 3, abs=1e-4)
    assert pair.same_first == pytest.approx(2 / 3, abs=1e-4)


def test_agreement_has_no_direction():
    forth, back = compare_pair(LEFT, RIGHT), compare_pair(RIGHT, LEFT)
    assert (forth.in_common, forth.same_first, forth.posts) == (back.in_common, back.same_first, back.posts)


def test_a_run_agrees_with_itself():
    pair = compare_pair(LEFT, LEFT)
    assert (pair.posts, pair.in_common, pair.same_first, pair.same_digest) == (5, 1.0, 1.0, True)


@pytest.mark.parametrize("related", [{}, {"z": ("a",)}, {"d": ()}])
def test_nothing_to_agree_on(related):
    pair = compare_pair(LEFT, dataclasses.replace(RIGHT, related=related))
    assert (pair.in_common, pair.same_first) == (None, None)


def test_related_in_one_run_only_is_disagreement():
    pair = compare_pair(LEFT, dataclasses.replace(RIGHT, related={"a": ()}))
    assert (pair.posts, pair.in_common, pair.same_first) == (1, 0.0, 0.0)


def test_a_run_is_summed_up():
    row = run_row(LEFT)
    assert (row.encode_seconds, row.total_seconds, row.peak_mb) == (2.75, 3.75, 300)
    assert (row.related_dice, row.tags_means, row.tags_names) == (0.25, 0.5, None)


def test_a_run_without_costs_has_none():
    row = run_row(RIGHT)
    assert (row.encode_seconds, row.total_seconds, row.peak_mb) == (None, None, None)


def test_every_pair_is_compared_once():
    third = dataclasses.replace(LEFT, name="third")
    comparison = compare_runs([LEFT, RIGHT, third])
    assert [row.run for row in comparison.runs] == ["out/lsa", "out/use", "third"]
    assert [(row.left, row.right) for row in comparison.pairs] == [
        ("out/lsa", "out/use"),
        ("out/lsa", "third"),
        ("out/use", "third"),
    ]


def test_markdown():
    assert comparison_markdown(compare_runs([LEFT, RIGHT])) == (
        "| run | encoder | text | dimensions | posts | related dice@4 | by text | tags map@10 | means | names"
        " | encode s | total s | peak MB |\n"
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| out/lsa | lsa-1-abc | title, body | 320 | 1,234 | 0.2500 | 0.2500 | 0.5000 | 0.5000 | — | 2.75 | 3.75"
        " | 300 |\n"
        "| out/use | use-3-def | title, body | 320 | 1,234 | 0.2500 | 0.2500 | 0.5000 | 0.5000 | — | — | — | — |\n"
        "\n"
        "| run | and run | posts in both | related in common | same first | same digest |\n"
        "| --- | --- | ---: | ---: | ---: | ---: |\n"
        "| out/lsa | out/use | 4 | 66.7% | 66.7% | no |\n"
    )


def test_markdown_of_a_hostile_run():
    hostile = dataclasses.replace(LEFT, name="a|b\n<script>", encoder="\x1b[31m\ud800`x`")
    text = comparison_markdown(compare_runs([LEFT, hostile]))
    assert "| a\\|b\N{REPLACEMENT CHARACTER}\\<script\\> | " in text
    assert "\x1b" not in text
    assert len(text.splitlines()) == 4 + 1 + 3
    text.encode()
