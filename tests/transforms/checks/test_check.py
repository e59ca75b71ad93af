import subprocess
import sys
from collections import Counter

import pytest

from tests.transforms.checks.by_hand import HOW, SUBJECTS, post, texts, told
from transforms.checks.baseline import apply_baseline, read_baseline, write_baseline
from transforms.checks.check import check
from transforms.checks.findings import Copied, Fix, Meant, Outdated, Suggested, Unlinked, key_of_finding
from transforms.checks.fitting import fit_blog
from transforms.checks.posts import ChangedPost
from transforms.checks.settings import Settings


def encoded(blog):
    return {path: text.encode() for path, text in blog.items()}


@pytest.fixture(scope="module")
def blog():
    return fit_blog(encoded(texts(45)), HOW)


@pytest.fixture(scope="module")
def linked():
    """A blog whose posts link to the three before them that are of the same subject."""
    blog = {}
    for number in range(60):
        before = list(range(number % 3, number, 3))[-3:]
        body = " ".join(f"[{other}](post-{other}.md)" for other in before)
        blog[f"posts/post-{number}.md"] = post(number, body=body)
    return fit_blog(encoded(blog), HOW)


NEW = post(99, date="2024-05-01")
PATH = "posts/new.md"
QUIET = Settings(levels={"tag-suggest": "off", "link-missing": "off"})


def added(text, path=PATH):
    return ChangedPost(path, "added", text.encode())


def modified(new, base, path=PATH, was=None):
    return ChangedPost(path, "renamed" if was else "modified", new.encode(), base.encode(), was)


def found(changes, blog, settings=QUIET, **others):
    return check(changes, blog, HOW, settings, **others).findings


def test_a_new_post_like_the_others_has_nothing_but_what_it_should_link_to(linked):
    result = check([added(NEW)], linked, HOW, Settings(link_from=0.1))
    assert [finding.rule for finding in result.findings] == ["link-missing"]
    [missing] = result.findings
    assert isinstance(missing.details, Unlinked)
    assert len(missing.details.posts) == 3
    [checked] = result.posts
    assert (checked.path, checked.id, checked.status) == (PATH, "posts/new", "added")
    assert [chance.tag for chance in checked.tags if chance.present] == ["baking"]
    assert {int(related.path.split("-")[1][:-3]) % 3 for related in checked.related} == {0}  # all about bread
    assert (result.of, result.fitted) == (60, "base")


def test_links_are_not_missed_where_posts_do_not_link(blog):
    assert check([added(NEW)], blog, HOW, Settings(link_from=0.0)).findings == ()


def test_a_tag_of_another_subject_is_found_out(blog):
    wrong = NEW.replace("tags: [baking]", "tags: [astronomy]")
    [suggested] = found([added(wrong)], blog, Settings(levels={"link-missing": "off"}))
    assert (suggested.rule, suggested.line) == ("tag-suggest", 5)
    assert isinstance(suggested.details, Suggested)
    assert [chance.tag for chance in suggested.details.tags] == ["baking"]


def test_a_tag_that_the_audit_takes_for_a_synonym_is_told_and_not_mended():
    long, short = "tags: [general services administration]", "tags: [gsa]"
    posts = {path: text.replace("tags: [astronomy]", long) for path, text in texts(45).items()}
    posts |= {path: posts[path].replace(long, short) for path in ("posts/post-2.md", "posts/post-20.md")}
    blog = fit_blog(encoded(posts), HOW)
    written = post(98, date="2024-05-01").replace("tags: [astronomy]", short)
    [synonym] = found([added(written)], blog)
    assert (synonym.rule, synonym.severity, synonym.subject, synonym.fix) == ("tag-synonym", "notice", "gsa", None)
    assert synonym.details == Meant("general services administration", 13)
    assert found([added(written.replace(short, long))], blog) == ()
    [asked] = found([added(written)], blog, Settings(levels=QUIET.levels, synonyms={"gsa": "GSA"}))
    assert (asked.severity, asked.fix) == ("warning", Fix("tag", "gsa", ("GSA",)))


def test_a_misspelt_tag_is_not_suggested_once_more(blog):
    wrong = NEW.replace("tags: [baking]", "tags: [gardenning]").replace(SUBJECTS[0], SUBJECTS[1])
    [misspelt] = found([added(wrong)], blog, Settings(levels={"link-missing": "off"}))
    assert (misspelt.rule, misspelt.subject) == ("tag-misspelt", "gardenning")


def test_tags_are_not_missed_where_their_key_is_misspelt(blog):
    wrong = NEW.replace("tags:", "tgas:")
    assert [one.rule for one in check([added(wrong)], blog, HOW).findings] == ["field-misspelt"]
    without = NEW.replace("tags: [baking]\n", "")
    assert [one.rule for one in check([added(without)], blog, HOW).findings] == ["tags-missing", "tag-suggest"]


def test_a_copy_is_an_error_and_one_with_a_few_more_words_a_warning(blog):
    body = " ".join(f"word{number} of a text that is told twice" for number in range(40))
    original, copy = post(1, body=body), post(1, body=body)
    [exact] = found([added(copy, "posts/copy.md"), added(original, "posts/original.md")], blog)[:1]
    assert (exact.rule, exact.severity, exact.path) == ("duplicate", "error", "posts/copy.md")
    assert exact.details == Copied("posts/original.md", "Post number 1", 1.0)
    near = post(1, body=f"{body} And a few more words.")
    first, second = found([added(near, "posts/near.md"), added(original, "posts/original.md")], blog)
    assert (first.rule, second.rule, first.subject) == ("duplicate-near", "duplicate-near", "posts/original.md")


def test_a_copy_with_another_title_is_a_copy(blog):
    body = "\n\n".join(f"Word{number} of a text that is told twice." for number in range(40))
    original, copy = post(1, body=body), post(1, body=body).replace("Post number 1", "Told again")
    known = fit_blog(encoded(texts(45) | {"posts/original.md": original}), HOW)
    [exact] = found([added(copy)], known)
    assert (exact.rule, exact.details) == ("duplicate", Copied("posts/original.md", "Post number 1", 1.0))
    titled = copy.replace("---\n\n", "---\n# Told again\n\n", 1).replace("\n", "\r\n")
    assert [one.rule for one in found([added(titled)], known)] == ["duplicate"]
    near = copy.replace("Word7 of", "Word seven of")
    assert [one.rule for one in found([added(near)], known)] == ["duplicate-near"]
    both = found([added(copy, "posts/a.md"), added(copy.replace("Told again", "Told twice"), "posts/b.md")], blog)
    assert [(one.rule, one.path, one.subject) for one in both] == [
        ("duplicate", "posts/a.md", "posts/b.md"),
        ("duplicate", "posts/b.md", "posts/a.md"),
    ]


def test_only_what_a_change_brings_is_found(blog):
    old = NEW.replace("tags: [baking]", "tags: [bakin, tgas]").replace("date:", "dat:")
    assert found([modified(f"{old}\nMore.\n", old)], blog) == ()
    assert {one.rule for one in found([added(old)], blog)} == {"tag-new", "field-misspelt"}
    new = old.replace("tgas]", "tgas, gardenin]")
    assert told(found([modified(new, old)], blog)) == [("tag-misspelt", 5, "gardenin")]


def test_what_was_renamed_alone_is_asked_for_its_address_alone(blog):
    wrong = NEW.replace("tags:", "tgas:")
    assert told(found([modified(wrong, wrong, was="posts/old.md")], blog)) == [("slug-changed", 1, "posts/old")]
    moved = modified(wrong.replace("tgas:", "tgs:"), wrong, was="posts/old.md")
    assert {one.rule for one in found([moved], blog)} == {"slug-changed", "field-misspelt"}


def test_two_equal_findings_of_which_one_is_new(blog):
    base = NEW + "\n[x](gone.md)\n"
    assert found([modified(base + "\n[x](gone.md)\n", base)], blog) == ()  # one href of a post is one link
    assert told(found([modified(base + "\n[y](gone-too.md)\n", base)], blog)) == [("link-broken", 14, "gone-too.md")]


def test_suggestions_that_were_made_before_are_not_made_again(linked):
    wrong = NEW.replace("tags: [baking]", "tags: [astronomy]")
    every = Settings(link_from=0.1, suggest_from=0.3)
    assert {one.rule for one in found([added(wrong)], linked, every)} == {"tag-suggest", "link-missing"}
    assert found([modified(wrong.replace("again,", "again"), wrong)], linked, every) == ()
    lost = found([modified(wrong, NEW)], linked, every)
    assert [one.rule for one in lost] == ["tag-suggest"]


def test_links_to_a_deleted_post_are_found_in_posts_that_do_not_change():
    posts = texts(45) | {"posts/linking.md": post(3, body="See [this](post-5.md).")}
    deleted = ChangedPost("posts/post-5.md", "deleted", None, posts.pop("posts/post-5.md").encode())
    known = fit_blog(encoded(posts), HOW)
    result = check([deleted], known, HOW)
    assert [(one.rule, one.path, one.line) for one in result.findings] == [("link-broken", "posts/linking.md", 10)]
    assert result.posts == ()
    quiet = check([deleted], known, HOW, Settings(ignored={"posts/**": ("link-broken",)}))
    assert (quiet.findings, quiet.ignored) == ((), 1)


def test_a_post_that_moves_breaks_links_that_change_with_it(blog):
    target, linking = post(6), NEW + "\nSee [it](old.md).\n"
    moved = modified(target, target, "posts/new-place.md", "posts/old.md")
    assert {one.rule for one in found([moved, modified(f"{linking}\nMore.\n", linking)], blog)} == {
        "link-broken",
        "slug-changed",
    }
    mended = linking.replace("old.md", "new-place.md")
    assert {one.rule for one in found([moved, modified(mended, linking)], blog)} == {"slug-changed"}


def test_a_blog_is_checked_as_a_whole_each_post_against_the_others(blog):
    posts = texts(45)
    changes = [ChangedPost(path, "modified", text.encode()) for path, text in posts.items()]
    assert [one for one in found(changes, blog) if one.rule != "duplicate-near"] == []
    odd = posts | {"posts/odd.md": NEW.replace("tags:", "tgas:")}
    changes = [ChangedPost(path, "modified", text.encode()) for path, text in odd.items()]
    whole = found(changes, fit_blog(encoded(odd), HOW))
    assert ("field-misspelt", "posts/odd.md") in {(one.rule, one.path) for one in whole}
    assert not any(one.rule == "duplicate" for one in whole)


def test_levels_are_those_that_are_asked_for(blog):
    wrong = NEW.replace("tags: [baking]", "tags: [quantum]")
    assert [one.severity for one in found([added(wrong)], blog)] == ["notice"]
    levels = QUIET.levels | {"tag-new": "error"}
    assert [one.severity for one in found([added(wrong)], blog, Settings(levels=levels))] == ["error"]
    assert found([added(wrong)], blog, Settings(levels=levels | {"tag-new": "off"})) == ()


def test_findings_of_a_baseline_are_counted_and_not_shown(blog):
    wrong = NEW.replace("tags: [baking]", "tags: [quantum, strings]")
    every = found([added(wrong)], blog)
    accepted = read_baseline(write_baseline(every[:1]).encode())
    result = check([added(wrong)], blog, HOW, QUIET, accepted)
    assert (result.findings, result.baseline) == (every[1:], 1)
    gone = check([added(NEW)], blog, HOW, QUIET, accepted, "here.json").findings
    assert [(one.rule, one.path, one.details) for one in gone] == [("baseline-old", "here.json", Outdated(1, 1))]
    assert apply_baseline(every, Counter(map(key_of_finding, every))).shown == []


def test_a_blog_without_posts_teaches_nothing():
    nothing = fit_blog({}, HOW)
    assert nothing.models is None
    assert check([added(NEW)], nothing, HOW).findings == ()
    one = fit_blog({"posts/one.md": post(1).encode()}, HOW)
    assert check([added(NEW)], one, HOW).counts["error"] == 0


def test_nothing_to_check_is_nothing_found(blog):
    assert check([], blog, HOW).findings == ()
    assert check([added("", "posts/empty.md"), added("# x\n", "posts/README.md")], blog, HOW).counts["error"] == 0


def test_a_post_that_cannot_be_read_is_an_error_once(blog):
    bad = ChangedPost(PATH, "added", b"---\ntitle: [\n---\n\xff")
    [one] = check([bad], blog, HOW).findings
    assert (one.rule, one.severity) == ("front-matter-invalid", "error")
    assert check([ChangedPost(PATH, "modified", bad.new + b"x", bad.new)], blog, HOW).findings == ()


def test_it_starts_without_what_takes_long_to_import():
    names = "apache_beam, faiss, pyarrow, sklearn, pandas"
    program = (
        "import sys; from transforms.checks.fitting import fit_blog; from transforms.checks.check import check;"
        f" print([name for name in {names.split(', ')!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
