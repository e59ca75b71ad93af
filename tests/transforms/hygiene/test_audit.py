import math
import random
import time
from collections import Counter
from types import SimpleNamespace

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.pvalue import AsSingleton
from apache_beam.testing.util import assert_that, equal_to
from scipy import sparse

from tests.transforms.records_by_hand import articles, unit
from transforms.corpus.notes import Survey
from transforms.corpus.tag_spelling import article_tags, count_spellings, tag_names
from transforms.corpus.tag_table import sum_by_tag, tag_table
from transforms.hygiene import find
from transforms.hygiene.audit import TagIssue, find_tag_issues
from transforms.hygiene.find import POSTS_OF_A_TAG, FindTagIssues, audit_input, chosen_posts, join_audit_inputs
from transforms.hygiene.issues import ISSUES_PER_KIND, TaggedPosts, add_totals, count_together
from transforms.hygiene.names import (
    ABBREVIATION,
    MISSPELLING,
    PART,
    SLIP,
    WORDS,
    alike_names,
    fold_name,
    variant_groups,
)
from transforms.hygiene.synonyms import TagSimilarity
from transforms.records import Article
from transforms.results import IssueEvidence, TagFigures, TextFit
from transforms.tags.expected import Expected

PER_SUBJECT = 4
"""Posts of each subject in `subjects`."""


def subjects(count, per_subject=PER_SUBJECT, seed=0):
    """Vectors of posts, `per_subject` for each of `count` subjects, of which each has a direction of its own."""
    directions = np.repeat(np.eye(count, 32), per_subject, axis=0)
    return unit(directions + 0.1 * np.random.default_rng(seed).standard_normal((count * per_subject, 32)))


def tagged(tags, vectors, probable=None, named=()):
    """The arguments of `find_tag_issues`.

    `probable` maps (post, tag's key) to a probability; `named` are such pairs of which the post says the tag's name.
    """
    posts = articles(*tags, dates=[None] * len(tags))
    spellings = count_spellings(posts)
    table = tag_table(sum_by_tag(posts, vectors), tag_names(spellings), [], vectors.shape[1])
    carriers, probabilities, names = np.zeros((3, len(posts), len(table.keys)))
    for row, article in enumerate(posts):
        carriers[row, [table.rows[key] for key in article_tags(article)]] = 1
    for (row, key), probability in (probable or {}).items():
        probabilities[row, table.rows[key]] = probability
    for row, key in named:
        names[row, table.rows[key]] = 1
    ids = [article.id for article in posts]
    return ids, table, spellings, *map(sparse.csr_matrix, (carriers, probabilities, names))


def found(kind, tags, vectors=None, probable=None, named=()):
    vectors = subjects(len(tags), 1) if vectors is None else vectors
    return [issue for issue in find_tag_issues(*tagged(tags, vectors, probable, named)) if issue.kind == kind]


def names(issues):
    return [issue.tags for issue in issues]


@pytest.mark.parametrize(
    ("left", "right"),
    [("golang", "Go"), ("javascript", "js"), ("amazon-aws", "aws"), ("visual-studio-code", "vscode")],
)
def test_alike_names_of_alike_posts_are_synonyms(left, right):
    tags = [[left], [left], [left], [right], ["x"], ["x"], ["x"], ["x"]]
    (issue,) = found("synonym", tags, subjects(2))
    assert issue.tags == (left, right)
    assert issue.posts == 4
    assert issue.articles == ("a3",)
    assert 0.9 < issue.score <= 1
    assert issue.evidence.tags == (TagFigures(left, 3), TagFigures(right, 1))
    assert issue.evidence.similarity.both == 0


def test_alike_names_of_unlike_posts_are_none():
    assert found("synonym", [["java"]] * 4 + [["javascript"]] * 4, subjects(2)) == []


def test_tags_that_are_always_together_are_none():
    assert found("synonym", [["frontend dev", "dev"]] * 4 + [["x"]] * 4, subjects(2)) == []
    assert found("synonym", [["light", "dark"]] * 6 + [["x"]] * 6, subjects(2, 6)) == []


def test_unlike_names_need_five_posts_each():
    apart = [["talent"]] * 5 + [["join us"]] * 5 + [["x"]] * 10
    (issue,) = found("synonym", apart, subjects(2, 10))
    assert issue.tags == ("join us", "talent")
    assert issue.evidence.likeness == "unlike"
    assert found("synonym", [["talent"]] * 4 + [["join us"]] * 4 + [["x"]] * 8, subjects(2, 8)) == []


@pytest.mark.parametrize(
    ("left", "right", "shown"),
    [
        ("kubernetes", "k8s", True),
        ("department of justice", "doj", True),
        ("competition", "competiton", True),
        ("golang", "go", False),
        ("amazon-aws", "aws", False),
        ("javascript", "js", False),
        ("artificial intelligence", "ai", False),
    ],
)
def test_pairs_are_shown_by_the_likeness_of_their_names(left, right, shown):
    (issue,) = found("synonym", [[left]] * 4 + [[right]] * 4 + [["x"]] * 8, subjects(2, 8))
    assert (set(issue.tags), issue.shown) == ({left, right}, shown)


def of_unlike_names(talent=0.9, both=0):
    """Two names for one subject, besides another subject and tags of both: these and the texts' probabilities."""
    tags = [["talent"]] * 10 + [["join us"]] * 10 + [["x"]] * 20
    tags[0] = ["talent", "join us"] if both else tags[0]
    return tags, {(row, key): {"talent": talent}.get(key, 0.9) for row, of in enumerate(tags) for key in of}


@pytest.mark.parametrize(("talent", "both", "shown"), [(0.9, 0, True), (0.9, 1, False), (0.25, 0, False)])
def test_unlike_names_are_shown_that_texts_tell_and_that_never_stand_together(talent, both, shown):
    tags, probable = of_unlike_names(talent, both)
    (issue,) = found("synonym", tags, subjects(2, 20), probable)
    assert (issue.evidence.likeness, issue.shown) == ("unlike", shown)


def test_no_unlike_names_are_shown_that_a_third_is_as_like():
    tags, probable = of_unlike_names()
    tags[5:10], tags[15:20] = [["hiring"]] * 5, [["hiring"]] * 5
    probable = {(row, key): 0.9 for row, of in enumerate(tags) for key in of}
    assert [issue.shown for issue in found("synonym", tags, subjects(2, 20), probable)] == [False]


def test_tags_spread_over_all_subjects_are_no_synonyms_of_one():
    """An interview and a newsletter are about anything: their posts are as alike as any, and no text tells them."""
    tags = [[f"t{row // 8}", "interview" if row % 2 else "newsletter"] for row in range(40)]
    topics = {(row, topic): 0.9 for row, (topic, _) in enumerate(tags)}
    issues = found("synonym", tags, subjects(5, 8), topics)
    assert not any(issue.shown for issue in issues)


def test_pairs_of_alike_names_come_first():
    vectors = subjects(3, 10)
    vectors[:10] = vectors[0]
    tags = [["talent"]] * 5 + [["join us"]] * 5 + [["golang"]] * 7 + [["go"]] * 3 + [["x"]] * 10
    issues = found("synonym", tags, vectors)
    assert [(issue.tags, issue.evidence.likeness) for issue in issues] == [
        (("golang", "go"), "part"),
        (("join us", "talent"), "unlike"),
    ]
    assert issues[0].score < issues[1].score == 1
    assert issues[1].evidence.similarity.across == 1


def test_the_figures_of_a_pair():
    vectors = subjects(2, 11)
    tags = [["golang"]] * 6 + [["golang", "go"]] + [["go"]] * 4 + [["x"]] * 11
    (issue,) = found("synonym", tags, vectors)
    pairs = [vectors[left] @ vectors[right] for left in range(7) for right in range(6, 11) if left != right]
    similarity = issue.evidence.similarity
    assert similarity.across == pytest.approx(np.mean(pairs), abs=1e-4)
    others = [vectors[left] @ vectors[right] for left in range(22) for right in range(22) if left != right]
    assert similarity.chance == pytest.approx(np.mean(others), abs=1e-4)
    cosines = similarity.across, similarity.within, similarity.chance
    assert cosines == tuple(round(cosine, 4) for cosine in cosines)
    ratio = (similarity.across - similarity.chance) / (similarity.within - similarity.chance)
    assert issue.score == pytest.approx(min(1, ratio), abs=1e-3)
    assert issue.evidence == IssueEvidence((TagFigures("golang", 7), TagFigures("go", 5)), "part", similarity)
    assert similarity.both == 1


def test_the_posts_of_a_pair_are_compared_without_those_compared_with_themselves():
    tags = [["a"], ["a", "b"], ["b"], ["a", "b"], ["b"]]
    vectors = unit(np.random.default_rng(3).standard_normal((5, 8)))
    _, table, _, carriers, _, _ = tagged(tags, vectors)
    similarity = TagSimilarity(table, count_together(carriers).together)
    pairs = [(left, right) for left in (0, 1, 3) for right in (1, 2, 3, 4) if left != right]
    by_hand = np.mean([vectors[left] @ vectors[right] for left, right in pairs])
    chance = np.mean([vectors[left] @ vectors[right] for left in range(5) for right in range(5) if left != right])
    assert similarity.chance == pytest.approx(chance, abs=1e-6)
    assert similarity.across(np.array([0]), np.array([1]))[0] == pytest.approx(by_hand - chance, abs=1e-6)
    assert similarity.shared(np.array([0]), np.array([1])).tolist() == [2]


def test_spellings_of_one_key_are_variants():
    (issue,) = found("variant", [["python"], ["Ｐｙｔｈｏｎ"], ["Python"], ["python", "x"], ["x"]])
    assert issue.tags == ("python", "Python", "Ｐｙｔｈｏｎ")
    uses = (TagFigures("python", 2), TagFigures("Python", 1), TagFigures("Ｐｙｔｈｏｎ", 1))
    assert issue.evidence == IssueEvidence(uses, "spelling")
    assert (issue.posts, issue.score, issue.articles) == (4, None, ("a0", "a1", "a2", "a3"))


def test_near_names_are_variants_and_no_synonyms():
    tags = [["web-design"], ["web-design"], ["web design"], ["api"], ["apis"], ["apis"]]
    vectors = subjects(2, 3)
    assert names(found("variant", tags, vectors)) == [("apis", "api"), ("web-design", "web design")]
    design = found("variant", tags, vectors)[1]
    assert design.articles == ("a2",)
    assert design.evidence == IssueEvidence((TagFigures("web-design", 2), TagFigures("web design", 1)), "form")
    assert found("synonym", tags, vectors) == []


def test_a_tag_that_is_also_spelled_in_several_ways_stands_in_one_row_with_those_of_another_form():
    tags = [["release"], ["release"], ["release"], ["Release"], ["Releases"], ["Releases"], ["api"], ["API"]]
    near, spelled = found("variant", tags)
    uses = (TagFigures("release", 3), TagFigures("Release", 1), TagFigures("Releases", 2))
    assert near.evidence == IssueEvidence(uses, "form")
    assert (near.tags, near.posts, near.articles) == (("release", "Release", "Releases"), 6, ("a4", "a5"))
    assert spelled.evidence.likeness == "spelling"
    assert spelled.tags == ("API", "api")


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        (["c", "c#", "c++"], []),
        (["http", "https", "io", "ios", "clas", "class"], []),
        (["library", "libraries", "box", "boxes"], [(0, 1), (2, 3)]),
        (["サーバ", "サーバー", "コピー"], [(0, 1)]),
        (["node.js", "nodejs", "node js"], [(0, 1, 2)]),
        (["1.0", "10", "ubuntu 20.04", "ubuntu-20.04"], [(2, 3)]),
        (["हिन्दी", "हिन्द", "…", "🚀"], []),
        (["#go", "go"], [(0, 1)]),
        ([], []),
    ],
)
def test_variant_groups(keys, groups):
    assert variant_groups(keys) == groups


def test_a_name_of_signs_alone_is_kept():
    assert [fold_name(key) for key in ("…", "c#", "a/b", "日本 語")] == ["…", "c#", "ab", "日本語"]


@pytest.mark.parametrize(
    ("left", "right", "likeness"),
    [
        ("usgs", "u.s. geological survey", ABBREVIATION),
        ("department of justice", "doj", ABBREVIATION),
        ("k8s", "kubernetes", ABBREVIATION),
        ("competition", "competiton", MISSPELLING),
        ("競技プログラミング", "競技プログラムミング", MISSPELLING),
        ("culture", "culture change", WORDS),
        ("openssh", "ssh", PART),
        ("commerce", "ecommerce", PART),
        ("nginx", "ngnix", SLIP),
        ("twitter", "twiter", SLIP),
        ("debian", "debin", SLIP),
        ("mysql", "mssql", None),
        ("nuxt.js", "next.js", None),
        ("tests", "teests", SLIP),
        ("rest", "reset", None),
        ("bundle", "bundler", PART),
        ("http2", "htpt2", SLIP),
        ("http2", "htpt3", None),
        ("abcdef", "afcdeb", None),
        ("reading", "raeding", SLIP),
        ("next.js", "nestjs", None),
        ("windows10 server", "windows11 server", None),
        ("red", "blue", None),
    ],
)
def test_alike_names(left, right, likeness):
    assert alike_names([left, right]).get((0, 1)) == likeness
    assert alike_names([right, left]).get((0, 1)) == likeness


def test_a_tag_used_once_names_what_its_post_could_carry():
    probable = {(0, "cat"): 0.8, (0, "dog"): 0.6, (0, "fish"): 0.9, (3, "cat"): 0.4}
    issues = found("once", [["kitten"], ["cat", "dog"], ["cat", "dog"], ["fish"]], probable=probable)
    assert names(issues) == [("kitten",), ("fish",)]
    assert issues[0].score == 0.8
    assert issues[0].evidence == IssueEvidence((TagFigures("kitten", 1),), lacking=(TagFigures("cat", 2, 0.8),))
    assert issues[1] == TagIssue("once", 2, ("fish",), 1, None, True, ("a3",), IssueEvidence((TagFigures("fish", 1),)))


def test_a_misfit_is_improbable_in_all_of_its_posts():
    tags = [["misc", "cat"]] * 3 + [["cat"]] * 3 + [["two"]] * 2 + [[]] * 2
    probable = {(row, "misc"): 0.05 * row for row in range(3)}
    probable |= {(row, "cat"): 0.9 for row in range(6)}
    (issue,) = found("misfit", tags, probable=probable)
    assert (issue.tags, issue.posts, issue.score) == (("misc",), 3, 0.1667)
    assert issue.evidence == IssueEvidence((TagFigures("misc", 3),), fit=TextFit(3, 0.05, 0.1, 0.3))
    assert found("misfit", tags, probable=probable | {(0, "misc"): 0.35}) == []


def opposed(own=0.001, other=0.95, cats=9, dogs=9):
    """Posts of cats and of dogs, told by their texts, of which the last cat is a dog by its text."""
    tags = [["cat"]] * cats + [["dog"]] * dogs
    probable = {(row, key): 0.9 for row, (key,) in enumerate(tags)}
    return tags, probable | {(cats - 1, "cat"): own, (cats - 1, "dog"): other}


def log_odds(probability):
    return math.log(probability / (1 - probability))


def test_a_contradiction_has_doubtful_tags_and_lacks_fitting_ones():
    tags, probable = opposed()
    (issue,) = found("contradiction", tags, probable=probable)
    evidence = IssueEvidence((TagFigures("cat", 9, 0.001),), lacking=(TagFigures("dog", 9, 0.95),))
    doubt = log_odds(0.9) - log_odds(0.001) + log_odds(9 / 18) - log_odds(0.001)
    score = pytest.approx(doubt + 2 * log_odds(0.95), abs=1e-4)
    assert issue == TagIssue("contradiction", 1, ("cat",), 1, score, True, ("a08",), evidence)


@pytest.mark.parametrize(
    ("own", "other", "shown"),
    [
        (0.05, 0.95, True),
        (0.001, 0.7, True),
        (0.05, 0.7, False),
        (0.0, 0.71, True),
        (0.6, 0.99, None),
        (0.0, 0.69, None),
    ],
)
def test_contradictions_are_shown_by_what_speaks_for_them(own, other, shown):
    tags, probable = opposed(own, other)
    assert [issue.shown for issue in found("contradiction", tags, probable=probable)] == (
        [] if shown is None else [shown]
    )


def test_a_tag_that_the_post_names_is_not_in_doubt():
    tags, probable = opposed()
    assert found("contradiction", tags, probable=probable, named=[(8, "cat")]) == []
    assert found("contradiction", tags, probable=probable, named=[(7, "cat")]) != []


def test_tags_that_texts_do_not_tell_are_not_in_doubt():
    """An interview is about anything: however improbable, none of its posts is told to be another kind of post."""
    tags, probable = opposed()
    tags = [[*of, "interview"] if row % 2 == 0 else of for row, of in enumerate(tags)]
    probable |= {(row, "interview"): 0.5 if row != 8 else 0.0001 for row in range(0, 18, 2)}
    (issue,) = found("contradiction", tags, probable=probable)
    assert issue.tags == ("cat",)
    likely = probable | {(row, "interview"): 0.8 for row in range(0, 18, 2) if row != 8}
    (issue,) = found("contradiction", tags, probable=likely)
    assert set(issue.tags) == {"cat", "interview"}


def test_the_issues_that_are_shown_come_first_and_the_strongest_of_them():
    tags = [["cat"]] * 9 + [["dog"]] * 9
    probable = {(row, key): 0.9 for row, (key,) in enumerate(tags)}
    for row, own, other in ((3, 0.05, 0.75), (4, 0.001, 0.95), (5, 0.05, 0.8), (6, 0.0001, 0.96)):
        probable |= {(row, "cat"): own, (row, "dog"): other}
    issues = found("contradiction", tags, probable=probable)
    assert [(issue.articles, issue.shown, issue.rank) for issue in issues] == [
        (("a06",), True, 1), (("a04",), True, 2), (("a05",), False, 3), (("a03",), False, 4),
    ]  # fmt: skip


def test_a_tag_is_missing_where_the_text_asks_for_it():
    tags = [["cat"], ["cat"], ["cat", "x"], ["x"], ["x"], [], ["x"]]
    probable = {(row, "cat"): 0.97 for row in (3, 5)} | {(3, "y"): 0.99, (4, "cat"): 0.94, (6, "cat"): 0.69}
    tags[0].append("y")
    issues = found("missing", tags, probable=probable)
    evidence = IssueEvidence((TagFigures("cat", 3, 0.97),))
    assert issues[0] == TagIssue("missing", 1, ("cat",), 1, 0.97, True, ("a3",), evidence)
    assert [(issue.articles, issue.score, issue.shown) for issue in issues[1:]] == [(("a4",), 0.94, False)]


def test_of_a_post_whose_missing_tag_is_shown_no_doubtful_one_is_named():
    tags = [["cat", "dog"]] * 3 + [["x"]]
    assert found("missing", tags, probable={(3, "cat"): 0.96, (3, "dog"): 0.9})[0].tags == ("cat",)
    assert found("missing", tags, probable={(3, "cat"): 0.94, (3, "dog"): 0.9})[0].tags == ("cat", "dog")


def test_what_a_contradiction_shows_is_not_shown_as_missing_too():
    tags, probable = opposed()
    assert found("missing", tags, probable=probable) == []
    assert [issue.articles for issue in found("missing", tags, probable=probable, named=[(8, "cat")])] == [("a08",)]


@pytest.mark.parametrize(
    ("posts", "mean", "named", "shown"),
    [
        (5, 0.01, [], True),
        (9, 0.01, [], True),
        (4, 0.01, [], False),
        (10, 0.01, [], False),
        (5, 0.1, [], False),
        (5, 0.01, [(4, "misc")], False),
    ],
)
def test_misfits_of_few_posts_that_no_text_names_are_shown(posts, mean, named, shown):
    """What many posts carry is used on purpose, and what some name says what it is, as an interview does."""
    tags = [["misc"]] * posts + [["cat"]] * (40 - posts)
    probable = {(row, "misc"): mean for row in range(posts)} | {(row, "cat"): 0.99 for row in range(posts, 40)}
    (issue,) = found("misfit", tags, probable=probable, named=named)
    assert (issue.tags, issue.shown) == (("misc",), shown)


@pytest.mark.parametrize("posts", [0, 1, 3])
def test_no_tags_have_no_issues(posts):
    assert find_tag_issues(*tagged([[]] * posts, np.zeros((posts, 4), np.float32))) == []


def test_one_tag_of_a_post_without_a_vector():
    (issue,) = find_tag_issues(*tagged([["solo"]], np.zeros((1, 4), np.float32)))
    assert issue.kind == "once"


def test_as_many_as_an_editor_mends():
    issues = found("once", [[f"t{number:03}" for number in range(ISSUES_PER_KIND + 5)]])
    assert len(issues) == ISSUES_PER_KIND
    assert issues[0].tags == ("t000",)
    assert [issue.rank for issue in issues] == list(range(1, ISSUES_PER_KIND + 1))


def test_dense_and_sparse_in_any_order_are_the_same():
    generator = random.Random(5)
    tags = [generator.sample(["go", "Go", "golang", "go-lang", "web", "webs", "x y", "xy"], 3) for _ in range(40)]
    rng = np.random.default_rng(5)
    vectors = unit(rng.standard_normal((40, 6)))
    probable = {(row, key): float(rng.random()) for row in range(40) for key in ("go", "web", "xy", "x y")}
    ids, table, spellings, *matrices = tagged(tags, vectors, probable, [(row, "go") for row in range(9)])
    issues = find_tag_issues(ids, table, spellings, *matrices)
    shuffled = Counter(dict(reversed(spellings.items())))
    assert find_tag_issues(ids, table, shuffled, *(matrix.toarray() for matrix in matrices)) == issues
    assert find_tag_issues(ids, table, spellings, *(matrix.tocsc() for matrix in matrices)) == issues
    order = ["synonym", "variant", "once", "misfit", "contradiction", "missing"]
    assert [issue.kind for issue in issues] == sorted((issue.kind for issue in issues), key=order.index)


def test_what_is_given_stays_as_it_is():
    ids, table, _, carriers, probabilities, named = tagged([["cat"]] * 3, subjects(3, 1), {(0, "cat"): 0.123456})
    TaggedPosts(ids, table, carriers, probabilities, named)
    assert probabilities[0, 0] == 0.123456


def large_blog(count=600, seed=5):
    """A blog of frequent tags of which some posts have variants and synonyms, and rare ones, with probabilities."""
    chance = random.Random(seed)
    rare = ["go", "golang", "web-site", "website", "web site", "once-a", "once-b"]
    tags, vectors = [], []
    for _ in range(count):
        topic = chance.randrange(4)
        own = [f"topic{topic}", *([f"{topic}-topic"] if chance.random() < 0.3 else [])]
        some = rare[2:5] if topic else rare[:2]
        tags.append(own + ([chance.choice(some)] if chance.random() < 0.06 else []))
        vectors.append(np.eye(4, 16)[topic] + 0.2 * np.array([chance.gauss(0, 1) for _ in range(16)]))
    for place, tag in enumerate(rare[5:]):
        tags[17 + place].append(tag)
    probable = {(row, key): 0.8 if row % 9 else 0.001 for row, of in enumerate(tags) for key in of}
    probable |= {(row, key): 0.001 for row, of in enumerate(tags) for key in of if key.endswith("-topic")}
    probable |= {(row, "topic3"): 0.9 for row in range(0, count, 3) if "topic3" not in tags[row]}
    return tags, unit(vectors), probable


def expected_of(arguments, parts=5):
    """Expected of each part, with what is looked at, and the TagTable and Survey."""
    ids, table, spellings, carriers, probabilities, named = arguments
    expected = []
    for part in range(parts):
        rows = np.arange(part, len(ids), parts)
        own = carriers[rows].multiply(probabilities[rows]).tocsr()
        evidence = SimpleNamespace(carriers=carriers[rows], in_title=named[rows] * 0, in_text=named[rows])
        found = SimpleNamespace(articles=[Article(ids[row], "", "") for row in rows], evidence=evidence)
        expected.append(Expected(found, probabilities[rows], own))
    return expected, table, Survey(spellings, {})


def matrices_of(sample):
    return sample.carriers, sample.probabilities, sample.named


def test_all_posts_of_rare_tags_are_looked_at_and_a_sample_of_others():
    tags, vectors, probable = large_blog()
    ids, table, _, carriers, _, _ = tagged(tags, vectors, probable)
    rows = chosen_posts(ids, carriers, table, len(ids), 100)
    assert 100 < len(rows) < 350
    per_tag = np.asarray(carriers[rows].sum(axis=0)).ravel()
    few = table.counts <= POSTS_OF_A_TAG
    assert 3 < few.sum() < len(few)
    assert (per_tag[few] == table.counts[few]).all()
    assert (per_tag[~few] > 5).all()
    assert chosen_posts(ids, carriers, table, len(ids), len(ids)).tolist() == list(range(len(ids)))


def test_of_a_large_corpus_tags_are_found_as_in_the_whole():
    arguments = tagged(*large_blog())
    whole = find_tag_issues(*arguments)
    expected, table, survey = expected_of(arguments)
    sample = join_audit_inputs([audit_input(part, table, len(arguments[0]), 100) for part in expected])
    assert len(sample.ids) < 350
    found = find_tag_issues(sample.ids, table, survey.spellings, *matrices_of(sample), sample.totals)

    def findings(issues, *kinds):
        return [(issue.kind, issue.tags, issue.posts) for issue in issues if issue.kind in kinds]

    kinds = {"synonym", "variant", "once"}
    assert {issue.kind for issue in whole} == kinds | {"contradiction", "misfit", "missing"}
    assert findings(found, *kinds) == findings(whole, *kinds)
    assert [issue for issue in found if issue.kind == "once"] == [issue for issue in whole if issue.kind == "once"]
    counts = dict(zip(table.names, table.counts, strict=True))
    assert all(posts == counts[tag] for _, (tag,), posts in findings(found, "misfit"))
    assert any(issue.evidence.fit.judged < issue.posts for issue in found if issue.kind == "misfit")
    assert all(issue.articles for issue in found)


def test_totals_of_parts_add_up():
    carriers = np.random.default_rng(1).random((40, 6)) < 0.3
    whole, added = count_together(carriers), add_totals([count_together(carriers[part::3]) for part in range(3)])
    assert added.posts == whole.posts == 40
    np.testing.assert_array_equal(added.together.toarray(), whole.together.toarray())
    np.testing.assert_array_equal(whole.together.toarray(), carriers.astype(int).T @ carriers.astype(int))


def test_posts_of_several_tags_are_counted_by_totals():
    carriers = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 0], [1, 1, 1], [0, 0, 0]])
    table = SimpleNamespace(counts=carriers.sum(axis=0))
    whole = TaggedPosts(list("abcde"), table, carriers, carriers * 0, carriers * 0)
    sample = TaggedPosts(["c"], table, carriers[[2]], carriers[[2]] * 0, carriers[[2]] * 0, whole.totals)
    assert [posts.count_any([0, 1]) for posts in (whole, sample)] == [4, 4]
    assert [posts.count_any([1]) for posts in (whole, sample)] == [3, 3]
    assert [posts.count_any([0, 1, 2]) for posts in (whole, sample)] == [4, 3]
    np.testing.assert_array_equal(sample.rates, [3 / 5, 3 / 5, 1 / 5])


@pytest.mark.parametrize("limit", [100, 600])
def test_the_transform_finds_what_the_function_finds(limit, monkeypatch):
    monkeypatch.setattr(find, "FIT_ARTICLES", limit)
    arguments = tagged(*large_blog())
    expected, table, survey = expected_of(arguments)
    sample = join_audit_inputs([audit_input(part, table, 600, limit) for part in expected])
    issues = find_tag_issues(sample.ids, table, survey.spellings, *matrices_of(sample), sample.totals)
    assert (issues == find_tag_issues(*arguments)) == (limit == 600)
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        sides = [AsSingleton(pipeline | str(at) >> beam.Create([of])) for at, of in enumerate((table, survey, 600))]
        assert_that(pipeline | beam.Create(expected[::-1]) | FindTagIssues(*sides), equal_to(issues))


@pytest.mark.parametrize("name", ["x" * 60_000, "x " * 1_600, "ab" * 100, "字" * 60_000, "a-" * 30_000, "a." * 90])
def test_endless_names_take_no_part_in_likeness(name):
    keys = ["a", "ab", "kubernetes", "kubernetse", name[1:], name[:-1], name]
    start = time.process_time()
    assert set(alike_names(keys)) == {(2, 3)}
    assert time.process_time() - start < 0.5
