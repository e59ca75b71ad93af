import dataclasses
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.checks.by_hand import HOW, customs_of, read, texts, told
from transforms.checks.findings import Doubtful, Fix, Meant, Missing, NewTag, Suggested, TagChance
from transforms.checks.settings import DEFAULTS, Settings
from transforms.checks.tags import TagUse, check_tag_chances, check_tag_names
from transforms.hygiene.names import variant_groups
from transforms.reading.fields import tag_key


def use(synonyms=(), **posts):
    counted = {(tag_key(tag), tag): count for tag, count in posts.items()}
    return TagUse(Counter(counted), dict(synonyms))


BLOG = use(frontend=30, Kubernetes=12, accessibility=9, rare=2, photos=5)


def tagged(*tags):
    listed = "".join(f"  - {tag}\n" for tag in tags)
    return read(f"---\ntitle: New\ntags:\n{listed}---\n\nText.\n")


CUSTOMS = customs_of(texts())


def names(*tags, blog=BLOG, settings=DEFAULTS, customs=CUSTOMS):
    return list(check_tag_names(tagged(*tags), tags, blog, customs, near, HOW, settings))


def near(_):
    return ["accessibility", "frontend", "photos", "rare"]


def test_tags_that_the_blog_knows_are_fine():
    assert names("frontend", "Kubernetes", "rare") == []


@pytest.mark.parametrize(
    ("written", "usual"), [("Front-End", "frontend"), ("kubernetes", "Kubernetes"), ("photo", "photos")]
)
def test_a_tag_is_written_as_far_more_posts_write_it(written, usual):
    [found] = names("rare", written)
    assert (found.rule, found.severity, found.line, found.subject) == ("tag-variant", "warning", 5, written)
    assert found.details == Meant(usual, BLOG.counts[tag_key(usual)])
    assert found.fix == Fix("tag", written, (usual,))


def test_two_ways_to_write_a_tag_of_which_none_is_far_more_usual_are_left():
    blog = (
        use(frontend=5) | {} if False else TagUse(Counter({("frontend", "frontend"): 5, ("front-end", "front-end"): 2}))
    )
    assert names("front-end", blog=blog) == []
    assert names("front-end", blog=blog.without(["front-end"]))[0].rule == "tag-variant"


@pytest.mark.parametrize(("written", "meant"), [("accesibility", "accessibility"), ("kuberentes", "Kubernetes")])
def test_an_unknown_tag_that_is_a_slip_for_a_known_one(written, meant):
    [found] = names(written)
    assert (found.rule, found.details) == ("tag-misspelt", Meant(meant, BLOG.counts[tag_key(meant)]))
    assert found.fix == Fix("tag", written, (meant,))


def test_a_slip_for_a_tag_of_two_posts_is_but_new():
    assert [found.rule for found in names("raree", "frontent", blog=use(raree1=2, frontend=2))] == ["tag-new"] * 2


def test_a_new_tag_names_those_nearest_to_it():
    [found] = names("quantum")
    assert (found.rule, found.severity, found.line) == ("tag-new", "notice", 4)
    assert found.details == NewTag((Meant("accessibility", 9), Meant("frontend", 30), Meant("photos", 5)))


def test_a_new_tag_is_none_where_it_is_known_or_nothing_is():
    assert names("quantum", settings=Settings(known_tags=("Quantum",))) == []
    assert names("quantum", blog=TagUse()) == []


def test_a_new_tag_is_none_where_posts_often_have_one():
    coining = customs_of({path: text.replace("tags: [", f"tags: [{path[6:-3]}, ") for path, text in texts().items()})
    assert (coining.recent, coining.coining) == (15, 15)
    assert names("quantum", customs=coining) == []
    [found] = names("quantum", customs=coining, settings=Settings(levels={"tag-new": "notice"}))
    assert found.rule == "tag-new"


def test_a_new_tag_that_is_short_for_a_known_one_is_told_anyhow():
    coining = dataclasses.replace(CUSTOMS, coining=15)
    blog = use(**{"amazon aws": 47, "visual studio code": 3, "design": 44, "user research": 2})
    for new, known in (("aws", "amazon aws"), ("vscode", "visual studio code")):
        [found] = names(new, blog=blog, customs=coining)
        assert (found.rule, found.details.nearest[0].name) == ("tag-new", known)
    assert names("form design", "research", blog=blog, customs=coining) == []


def test_a_new_tag_is_an_error_where_tags_are_closed():
    [found] = names("quantum", settings=Settings(closed=True))
    assert found.severity == "error"


def test_synonyms_by_config_are_mended_others_told():
    [found] = names("k8s", settings=Settings(synonyms={"K8s": "Kubernetes"}))
    assert (found.rule, found.severity, found.details) == ("tag-synonym", "warning", Meant("Kubernetes", 12))
    assert found.fix == Fix("tag", "k8s", ("Kubernetes",))
    [found] = names("rare", blog=use({"rare": "photos"}, rare=2, photos=5))
    assert (found.rule, found.severity, found.fix) == ("tag-synonym", "notice", None)


def test_a_line_is_that_of_the_tag_itself():
    text = "---\ntags: [css, quantum]\ntitle: quantum\n---\n\nText.\n"
    [css, found] = check_tag_names(read(text), ["css", "quantum"], BLOG, CUSTOMS, lambda _: [], HOW, DEFAULTS)
    assert (css.line, found.line) == (2, 2)
    text = '---\ntitle: quantum\nTags:\n- quantum leap\n- "quantum"\n---\n\nText.\n'
    [found] = check_tag_names(read(text), ["quantum"], BLOG, CUSTOMS, lambda _: [], HOW, DEFAULTS)
    assert found.line == 5


CHANCES = [
    TagChance("frontend", 0.9, present=True),
    TagChance("photos", 0.8),
    TagChance("Kubernetes", 0.5),
    TagChance("accessibility", 0.49),
    TagChance("rare", 0.01, present=True),
]


def chances(*tags, given=CHANCES, settings=DEFAULTS):
    return list(check_tag_chances(tagged(*tags), tags, given, CUSTOMS, HOW, settings))


def test_probable_tags_are_suggested_in_one_finding():
    found, doubtful = chances("frontend", "rare")
    assert (found.rule, found.line, found.subject) == ("tag-suggest", 3, "")
    assert found.details == Suggested((CHANCES[1], CHANCES[2]))
    assert found.fix == Fix("tag", None, ("photos", "Kubernetes"))
    assert (doubtful.rule, doubtful.line, doubtful.details) == ("tag-doubtful", 5, Doubtful(0.01))


def test_no_more_are_suggested_than_asked_for():
    found, *_ = chances("frontend", settings=Settings(suggest_most=1))
    assert found.details == Suggested((CHANCES[1],))
    assert chances("frontend", given=CHANCES[:1]) == []


def test_tags_are_missed_where_the_newest_posts_have_some():
    bare = read("---\ntitle: New\n---\n\nText.\n")
    missing, suggested = check_tag_chances(bare, (), CHANCES[1:3], CUSTOMS, HOW, DEFAULTS)
    assert (missing.rule, missing.details) == ("tags-missing", Missing(30, 30))
    assert missing.fix == suggested.fix == Fix("tag", None, ("photos", "Kubernetes"))
    untagged = customs_of({path: text.replace("tags:", "labels:") for path, text in texts().items()})
    assert told(check_tag_chances(bare, (), (), untagged, HOW, DEFAULTS)) == []


KEYS = st.lists(
    st.text("aies-n2 ー", min_size=1, max_size=7).map(tag_key).filter(bool), min_size=1, max_size=9, unique=True
)


@given(KEYS)
def test_variants_are_those_of_the_audit(keys):
    rows = sorted(keys)
    groups = [{rows[row] for row in group} for group in variant_groups(rows)]
    for key in keys:
        others = {other: 9 for other in keys if other != key}
        blog = TagUse(Counter({(other, other): count for other, count in others.items()}))
        told = names(key, blog=blog, settings=Settings(levels={"tag-new": "notice"}))
        grouped = next((group - {key} for group in groups if key in group), set())
        variants = [found.details.name for found in told if found.rule == "tag-variant"]
        assert variants == ([min(grouped)] if grouped else [])
