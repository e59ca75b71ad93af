"""The tags to merge in a whole blog are those that a check of each post would name."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.checks.by_hand import HOW, read
from transforms.checks.customs import Customs
from transforms.checks.merges import Merge, find_merges
from transforms.checks.settings import Settings
from transforms.checks.tags import TagUse, check_tag_names
from transforms.reading.fields import tag_key

TAGS = st.sampled_from(
    ["docker", "Docker", "DOCKER", "dockers", "frontend", "Front-End", "fronted", "kubernetes", "kubernetse", "k8s"]
)


def use(*posts):
    return TagUse(Counter((tag_key(tag), tag) for tags in posts for tag in tags))


def merges(posts, asked=None, **settings):
    found = find_merges(use(*posts), asked or {}, settings=Settings(**settings))
    return {merge.old: (merge.new, merge.rule) for merge in found}


def test_variants_and_slips_lead_to_what_is_usual():
    posts = [["frontend"]] * 9 + [["Front-End"], ["Frontend"], ["fronted"], ["Frontends", "other"]]
    assert find_merges(use(*posts), {}) == [
        Merge("Front-End", "frontend", "tag-variant", 1),
        Merge("Frontend", "frontend", "tag-variant", 1),
        Merge("Frontends", "frontend", "tag-variant", 1),
        Merge("fronted", "frontend", "tag-misspelt", 1),
    ]


def test_what_is_asked_for_is_of_all_spellings_and_goes_before_synonyms_and_rules():
    posts = [["k8s"], ["K8S"], ["kubernetes"], *[["docker"]] * 5, ["Docker"]]
    asked = {"k8s": "kubernetes"}
    expected = {"k8s": ("kubernetes", None), "K8S": ("kubernetes", None)}
    assert merges(posts, asked, synonyms={"k8s": "x", "docker": "y"}) == expected | {
        "docker": ("y", "tag-synonym"),
        "Docker": ("y", "tag-synonym"),
    }
    assert {merge.old for merge in find_merges(use(*posts), asked, ())} == {"k8s", "K8S"}


def test_a_slip_for_a_tag_that_is_merged_leads_on():
    posts = [["kubernetes"]] * 3 + [["kubernetse"]]
    assert merges(posts, {"kubernetes": "k8s"}) == {"kubernetes": ("k8s", None), "kubernetse": ("k8s", "tag-misspelt")}


def test_what_is_asked_for_is_right_and_so_is_what_is_known():
    posts = [["docker"]] * 9 + [["Docker"], ["dockers"]]
    assert merges(posts, {"x": "dockers"}) == {"Docker": ("docker", "tag-variant")}
    assert merges(posts, known_tags=("dockers", "docker")) == {}
    assert merges(posts, {"docker": "Docker"}) == {"docker": ("Docker", None), "dockers": ("Docker", "tag-variant")}


@given(st.lists(TAGS, max_size=30))
def test_the_rules_are_those_of_the_check(tags):
    """Each post has one tag, so that all other posts are those that the check compares it with."""
    whole = use(*([tag] for tag in tags))
    found = {merge.old: (merge.new, merge.rule) for merge in find_merges(whole, {})}
    for tag in sorted(set(tags)):
        post = read(f"---\ntags: [{tag}]\n---\nText.\n")
        told = check_tag_names(post, [tag], whole.without([tag]), Customs(), lambda _: [], HOW, Settings())
        fixes = [(finding.fix.new[0], finding.rule) for finding in told if finding.fix]
        assert [found[tag]] if tag in found else fixes == []


@given(st.lists(TAGS, max_size=30), st.lists(TAGS, min_size=1, max_size=5))
def test_posts_that_change_are_compared_with_all_others_as_in_the_check(tags, changed):
    others = use(*([tag] for tag in tags))
    own = use(*([tag] for tag in changed)).spellings
    found = {merge.old: (merge.new, merge.rule) for merge in find_merges(others, {}, own=own)}
    for tag in sorted(set(changed)):
        post = read(f"---\ntags: [{tag}]\n---\nText.\n")
        told = check_tag_names(post, [tag], others, Customs(), lambda _: [], HOW, Settings())
        fixes = [(finding.fix.new[0], finding.rule) for finding in told if finding.fix]
        assert ([found[tag]] if tag in found else []) == fixes


def test_a_slip_in_two_posts_that_change_is_one():
    others = use(*[["kubernetes"]] * 3)
    own = use(["kubernetse"], ["kubernetse"]).spellings
    assert find_merges(others, {}, own=own) == [Merge("kubernetse", "kubernetes", "tag-misspelt", 2)]
    asked = find_merges(others, {"kubernetes": "k8s"}, own=own)
    assert asked == [Merge("kubernetse", "k8s", "tag-misspelt", 2)]
