import numpy as np

from transforms.evaluation.reader_themes import halve, judge_reader_themes, theme_read_most, themes_of_posts
from transforms.readings.reads import reads_of
from transforms.readings.visits import History

START = 1_700_000_000
POSTS, GROUPS = 40, 4
RNG = np.random.default_rng(5)
OF_GROUP = np.arange(POSTS) % GROUPS
TEXTS = np.eye(GROUPS)[OF_GROUP] + 0.1 * RNG.normal(size=(POSTS, GROUPS))
TEXTS /= np.linalg.norm(TEXTS, axis=1)[:, None]


def readers(count, faithful=0.9, seed=2):
    """Readers of seven posts, so many of which are of the reader's own group."""
    chance = np.random.default_rng(seed)
    told = []
    for number in range(count):
        own = number % GROUPS
        mine = np.isin(OF_GROUP, [own])
        liked = np.where(mine, faithful / mine.sum(), (1 - faithful) / (~mine).sum())
        posts = chance.choice(POSTS, 7, replace=False, p=liked / liked.sum()).tolist()
        told.append(History((tuple((post, START + 9 * number + place) for place, post in enumerate(posts)),)))
    return reads_of(told, POSTS)


def by_name(metrics):
    return {(metric.measure, metric.method): metric for metric in metrics}


def test_readers_of_one_interest_are_found_again():
    found = by_name(judge_reader_themes(readers(200), TEXTS, GROUPS))
    agreement = {
        method: metric
        for (measure, method), metric in found.items()
        if measure == "themes of readers agreement of halves"
    }

    assert found["themes of readers silhouette", "themes of readers"].value > 0.3
    assert agreement["themes of readers"].value > 0.9
    assert agreement["theme read most"].value > 0.8
    assert 0.2 < agreement["themes of readers, shuffled"].value < 0.35
    assert {metric.judged for metric in found.values()} == {200}
    assert {method for (_, method), metric in found.items() if metric.in_use} == {"themes of readers"}


def test_readers_of_no_interest_are_not():
    """Each half counts as a reader by itself, so that what one half has does not draw the other along."""
    found = by_name(judge_reader_themes(readers(400, faithful=0.25), RNG.normal(size=(POSTS, GROUPS)), GROUPS))

    own, by_chance = (
        found["themes of readers agreement of halves", f"themes of readers{more}"].value for more in ("", ", shuffled")
    )
    assert abs(own - by_chance) < 0.07


def test_nothing_is_judged_of_few_readers():
    assert judge_reader_themes(readers(12), TEXTS, GROUPS) == []
    assert judge_reader_themes(reads_of([], POSTS), TEXTS, GROUPS) == []


def test_halves_are_the_readers_parted():
    reads = readers(30)
    found = halve(reads)

    assert len(found) == len(reads)
    assert found.lengths.tolist() == [4, 3] * 30
    for reader in range(30):
        own = set(reads.posts[reads.readers == reader].tolist())
        one, other = (set(found.posts[found.readers == 2 * reader + half].tolist()) for half in (0, 1))
        assert one | other == own
        assert not one & other
        for half in (0, 1):
            seconds = found.seconds[found.readers == 2 * reader + half]
            assert (np.diff(seconds) >= 0).all()


def test_readers_of_few_posts_are_not_parted():
    told = [History((tuple((post, START + post) for post in range(size)),)) for size in (1, 2, 3, 4)]
    assert halve(reads_of(told, POSTS)).lengths.tolist() == [1, 0, 2, 0, 3, 0, 2, 2]


def test_the_theme_read_most_is_that_of_most_posts():
    reads = reads_of([History((((0, START), (4, START + 1), (1, START + 2)),))], POSTS)
    assert theme_read_most(reads, OF_GROUP).tolist() == [0]
    assert theme_read_most(reads.keep(np.array([True, False, True])), OF_GROUP).tolist() == [0]
    found = themes_of_posts(TEXTS, GROUPS)
    assert len(set(zip(found.tolist(), OF_GROUP.tolist(), strict=True))) == GROUPS
