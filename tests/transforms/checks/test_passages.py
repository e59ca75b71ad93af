import time

import pytest

from tests.transforms.checks.by_hand import HOW, post, texts
from tests.transforms.checks.test_stored import restore, state_of
from transforms.checks.check import check
from transforms.checks.findings import RULES, Repeated
from transforms.checks.fitting import fit_blog
from transforms.checks.posts import ChangedPost
from transforms.checks.settings import Settings

ONLY = Settings(levels={rule: "off" for rule in RULES if rule != "passage-copied"})
COPIED = (
    "When the river froze in the last week of January, the ferry stayed at its pier, and those who had come over in"
    " the morning walked home across the ice with lanterns, which nobody in the village had done for forty years."
)
THOUGHTS = [
    "Whoever mends clocks learns to listen, because a worn wheel tells of itself long before any hand stands still.",
    "A good map leaves out most of what there is, and the skill lies in knowing which paths a stranger will miss.",
    "Letters that took three weeks were written with more care than those which are answered within the same hour.",
    "My neighbour keeps bees on her roof, although the council has twice asked her to take those boxes down again.",
]
SOURCE = "posts/source.md"


def told_of(number, *paragraphs):
    """A post with some paragraphs and a title of its own, which is of no series."""
    titles = ("Ice", "Clocks", "Maps", "Letters", "Bees", "Lanterns", "Walks")
    text = post(number, body="\n\n".join(paragraphs), date="2024-05-01")
    return text.replace(f"title: Post number {number}", f"title: {titles[number % 7]}")


BLOG = texts(45) | {SOURCE: told_of(7, THOUGHTS[0], COPIED, THOUGHTS[1])}


def known(blog):
    return fit_blog({path: text.encode() for path, text in blog.items()}, HOW)


@pytest.fixture(scope="module")
def blog():
    return known(BLOG)


def added(text, path="posts/new.md"):
    return ChangedPost(path, "added", text.encode())


def modified(new, base, path="posts/new.md"):
    return ChangedPost(path, "modified", new.encode(), base.encode())


def found(changes, blog, settings=ONLY):
    return check(changes, blog, HOW, settings).findings


def line_of(text, part):
    return 1 + text[: text.index(part)].count("\n")


def fresh(body):
    """A new post of which nothing is the source's but what its body has of it."""
    return told_of(96, THOUGHTS[2], body, THOUGHTS[3])


def test_a_copied_paragraph_is_told_with_the_lines_of_both(blog):
    text = fresh(COPIED)
    [one] = found([added(text)], blog)
    here, there = line_of(text, COPIED), line_of(BLOG[SOURCE], COPIED)
    assert (one.rule, one.severity, one.path, one.line, one.subject) == (
        "passage-copied",
        "notice",
        "posts/new.md",
        here,
        SOURCE,
    )
    assert one.details == Repeated(SOURCE, "Ice", (here, here), (there, there))


def test_a_state_finds_what_the_posts_themselves_do(blog):
    stored, _, asked = restore(state_of(BLOG), BLOG)
    asked.clear()
    assert found([added(fresh(COPIED))], stored) == found([added(fresh(COPIED))], blog)
    assert asked == [[SOURCE]]
    assert found([added(fresh(THOUGHTS[2]))], stored) == ()
    assert asked == [[SOURCE]]


@pytest.mark.parametrize(
    "changed",
    [
        COPIED.replace("village", "whole valley"),
        COPIED.replace("forty", "thirty").replace("January", "February"),
        COPIED.replace(" in the morning", "\nat *noon*"),
        f"It is said: {COPIED.lower()}",
        f"- {COPIED}\n- And more.",
        f"A note[^1].\n\n[^1]: {COPIED}",
    ],
)
def test_a_passage_may_be_edited(blog, changed):
    assert [one.subject for one in found([added(fresh(changed))], blog)] == [SOURCE]


@pytest.mark.parametrize(
    "kept_apart",
    [
        "\n".join(f"> {line}" for line in COPIED.split(", ")),
        f"“{COPIED}”",
        f'As I wrote: "{COPIED}"',
        f"<blockquote>\n{COPIED}\n</blockquote>",
        f"{{% blockquote %}}\n{COPIED}\n{{% endblockquote %}}",
        f"```\n{COPIED}\n```",
        f"| a |\n|---|\n| {COPIED} |",
        f"- [{COPIED}](source.md)",
        COPIED[:90],
        "The ice on the river held last week, and people walked home over it as they used to do long ago.",
    ],
)
def test_quotations_code_links_and_phrases_are_no_copies(blog, kept_apart):
    assert found([added(fresh(kept_apart))], blog) == ()


def test_a_passage_that_links_to_the_other_post_cites_it(blog):
    cited = f"As [I wrote](source.md) in spring: {COPIED}"
    assert found([added(fresh(cited))], blog) == ()
    elsewhere = f"{COPIED}\n\nSee what I wrote [in spring](source.md) and [before](post-3.md)."
    assert [one.subject for one in found([added(fresh(elsewhere))], blog)] == [SOURCE]
    assert len(found([added(fresh(cited.replace("source.md", "post-3.md")))], blog)) == 1


def test_what_two_posts_have_already_is_meant():
    twice = known(BLOG | {"posts/again.md": told_of(8, COPIED)})
    assert found([added(fresh(COPIED))], twice) == ()
    footer = texts(45)
    footer = {path: f"{text}\n{COPIED}\n" for path, text in footer.items()}
    assert found([added(fresh(COPIED))], known(footer)) == ()


def test_only_a_passage_that_a_change_brings_is_told(blog):
    text = fresh(COPIED)
    assert found([modified(f"{text}\nMore.\n", text)], blog) == ()
    assert found([modified(text.replace("lanterns", "torches"), text)], blog) == ()
    [one] = found([modified(text, fresh("Nothing."))], blog)
    assert one.subject == SOURCE
    half = COPIED[: len(COPIED) // 3]
    assert [one.subject for one in found([modified(text, fresh(half))], blog)] == [SOURCE]


def test_a_passage_that_moves_to_another_post_is_no_copy():
    others = known({path: text for path, text in BLOG.items() if path != SOURCE})
    left = modified(BLOG[SOURCE].replace(COPIED, ""), BLOG[SOURCE], SOURCE)
    assert found([left, added(fresh(COPIED))], others) == ()


def test_of_two_new_posts_one_is_told(blog):
    passage = COPIED.replace("river", "lake").replace("ferry", "steamer").replace("lanterns", "torches")
    passage = f"{passage} It was the coldest winter that any of us, old or young, is able to remember at all."
    one, two = told_of(95, THOUGHTS[2], passage), told_of(97, passage, THOUGHTS[3])
    others = known(texts(45))
    assert [
        (found.path, found.subject) for found in found([added(one, "posts/a.md"), added(two, "posts/b.md")], others)
    ] == [("posts/b.md", "posts/a.md")]
    old = modified(f"{two}\nMore.\n", two, "posts/b.md")
    assert [(found.path, found.subject) for found in found([added(one, "posts/a.md"), old], others)] == [
        ("posts/a.md", "posts/b.md")
    ]


def test_no_passages_are_told_of_copies_and_series(blog):
    assert found([added(BLOG[SOURCE].replace("title: Ice", "title: Another"))], blog) == ()
    assert found([added(fresh(COPIED).replace("title: Lanterns", "title: Ice 2"))], blog) == ()
    assert found([added(fresh(COPIED).replace("title: Lanterns", "title: Ice"))], blog) == ()


def test_a_post_tells_its_three_longest_passages():
    long = {}
    for number, count in enumerate((70, 50, 40, 60, 45)):
        own, copied = (" ".join(f"{kind}{number}x{word}" for word in range(count)) for kind in ("own", "copied"))
        long[f"posts/source-{number}.md"] = told_of(number, own, copied)
    body = "\n\n".join(text.split("\n\n")[-1].strip() for text in long.values())
    told = found([added(fresh(body))], known(texts(45) | long))
    assert [one.subject for one in told] == sorted(f"posts/source-{number}.md" for number in (0, 1, 3))


def test_every_post_may_be_checked_at_once(blog):
    changes = [modified(text, text, path) for path, text in BLOG.items()]
    assert found(changes, blog) == ()
    whole = BLOG | {"posts/new.md": fresh(COPIED)}
    told = found([added(text, path) for path, text in whole.items()], known(whole))
    assert ("posts/source.md", "posts/new.md") in {(one.path, one.subject) for one in told}


def test_a_comment_ignores_it(blog):
    assert len(found([added(fresh(f"<!-- no comment of postkin's -->\n{COPIED}"))], blog)) == 1
    assert found([added(fresh(f"<!-- postkin: ignore passage-copied -->\n{COPIED}"))], blog) == ()


def test_a_hostile_text_takes_no_longer_than_to_read_it(blog):
    hostile = fresh("river froze in the last week of January, " * 20_000)
    other = known(BLOG | {"posts/hostile.md": hostile.replace("title: Lanterns", "title: Frost")})

    off = Settings(levels=dict.fromkeys(RULES, "off"))

    started = time.process_time()
    assert check([added(hostile)], other, HOW, off).findings == ()
    assert time.process_time() - started < 30
