from dataclasses import replace

import pytest

from tests.transforms.checks.by_hand import HOW, post, read, texts, told
from transforms.checks.findings import BrokenLink, Moved, Taken
from transforms.checks.links import (
    Followed,
    check_addresses,
    check_deleted,
    check_links,
    check_links_to_renamed,
    check_moved,
    link_state,
    linking_to,
    survey_links,
)
from transforms.generators.registry import GENERATORS
from transforms.site.places import own_address
from transforms.site.site_model import PLAIN_SITE, Permalink, Site

FRONT = "---\ntitle: New\ndate: 2024-05-01\n---\n\n"


def linking(blog, how=HOW):
    articles, paths = [], {}
    for path, text in blog.items():
        article = read(text, path, how).article
        articles.append(article)
        paths[article.id] = path
    return survey_links(articles, paths, (), how.site)


def dated(count=30):
    """A blog of which each post links to the one before, by its address."""
    blog = {}
    for number in range(count):
        body = f"[before](/2023/01/{number:02d}/post-{number - 1}/)" if number else ""
        blog[f"posts/2023-01-{number + 1:02d}-post-{number}.md"] = post(
            number, body=body, date=f"2023-01-{number + 1:02d}"
        )
    return blog


def check(text, path="posts/new.md", blog=None):
    changed = read(text, path)
    followed = Followed([changed], linking(texts() if blog is None else blog))
    return list(check_links(changed, followed))


def test_a_file_that_is_not_there_is_an_error_at_its_line():
    [found] = check(f"{FRONT}See [it](post-1.md).\n\nAnd [that](post-99.md).\n")
    assert (found.rule, found.severity, found.line, found.subject) == ("link-broken", "error", 8, "post-99.md")
    assert isinstance(found.details, BrokenLink)


def test_the_post_that_may_be_meant_is_named():
    blog = texts() | {"posts/how-to-bake-bread.md": post(1)}
    [found] = check(f"{FRONT}See [it](how-to-bake-braed.md).\n", blog=blog)
    assert found.details == BrokenLink("posts/how-to-bake-bread.md")


def test_jekylls_and_hugos_tags_are_links():
    text = f'{FRONT}{{% post_url 2023-01-01-gone %}} and {{{{< relref "gone-too.md" >}}}}\n'
    assert {found.subject for found in check(text, blog=dated())} <= {"2023-01-01-gone", "gone-too.md"}


def test_an_address_is_broken_where_those_of_its_shape_lead_to_posts():
    found = check(f"{FRONT}See [it](/2023/01/05/no-such-post/).\n", blog=dated())
    assert told(found) == [("link-broken", 6, "/2023/01/05/no-such-post/")]
    assert found[0].severity == "warning"
    assert check(f"{FRONT}See [it](/2023/01/05/no-such-post/).\n") == []  # no shape is usual there


def test_what_may_be_something_else_is_left_alone():
    hrefs = ("/pictures/cat.png", "#part", "https://example.com/2023/01/05/x-y/", "/about/", "http://", "mailto:a@b.c")
    body = " ".join(f"[x]({href})" for href in hrefs)
    assert check(f"{FRONT}{body}\n", blog=dated()) == []


def test_changed_posts_may_link_to_each_other():
    one, other = read(f"{FRONT}[b](b.md)\n", "posts/a.md"), read(f"{FRONT}[a](a.md)\n", "posts/b.md")
    followed = Followed([one, other], linking(texts()))
    assert [*check_links(one, followed), *check_links(other, followed)] == []
    assert followed.targets == {"posts/a.md": ("posts/b",), "posts/b.md": ("posts/a",)}


def test_the_id_and_the_address_of_another_are_taken():
    blog = texts() | {"posts/given.md": post(1, front="permalink: /given/\n")}
    known = linking(blog)
    same = read(f"{FRONT}Text.\n", "posts/post-1/index.md")
    [found] = check_addresses(same, Followed([same], known))
    assert (found.rule, found.severity, found.details) == ("slug-taken", "error", Taken("posts/post-1.md", "id"))
    other = read("---\ntitle: New\npermalink: /given/\nlang: en\n---\n\nText.\n", "posts/other.md")
    [found] = check_addresses(other, Followed([other], known))
    assert (found.line, found.subject, found.details) == (3, "/given", Taken("posts/given.md", "address"))
    itself = read(blog["posts/given.md"], "posts/given.md")
    assert list(check_addresses(itself, Followed([itself], known))) == []


def taken(text, path, blog, site=PLAIN_SITE, roots=("",)):
    how = replace(HOW, site=site, roots=roots)
    changed = read(text, path, how)
    return [
        (found.line, found.subject, found.details.path)
        for found in check_addresses(changed, Followed([changed], linking(blog, how)))
    ]


@pytest.mark.parametrize(
    ("generator", "path", "field", "is_taken"),
    [
        ("hugo", "content/posts/new.md", "slug: post-1", True),
        ("hugo", "content/posts/new.md", "url: /posts/post-1/", True),
        ("hugo", "content/posts/new.md", "slug: post-99", False),
        ("hugo", "content/posts/new.md", "url: /post-1/", False),
        ("hugo", "content/posts/new.md", "url: /news/post-1/", False),
        ("astro", "src/content/blog/new.md", "slug: post-1", True),
        ("eleventy", "posts/new.md", "permalink: /posts/post-1/", True),
        ("eleventy", "posts/new.md", "permalink: /notes/post-1/", False),
    ],
)
def test_an_address_that_is_given_may_be_that_of_a_file(generator, path, field, is_taken):
    folder = path.rpartition("/")[0]
    blog = {name.replace("posts", folder, 1): text for name, text in texts().items()}
    text = post(40, front=f"{field}\n", date="2024-05-01")
    found = taken(text, path, blog, Site(GENERATORS[generator]), (folder,))
    assert found == ([(6, own_address_of(text, path, generator, folder), f"{folder}/post-1.md")] if is_taken else [])
    assert taken(post(40, date="2024-05-01"), path, blog, Site(GENERATORS[generator]), (folder,)) == []


def own_address_of(text, path, generator, folder):
    how = replace(HOW, site=Site(GENERATORS[generator]), roots=(folder,))
    return own_address(read(text, path, how).article, how.site)


def test_an_address_that_is_given_may_be_what_permalinks_make_of_a_file():
    site = Site(GENERATORS["jekyll"], permalinks=(Permalink("/:year/:month/:day/:title/"),))
    blog = {f"_posts/2023-01-{day:02d}-post-{day}.md": post(day, date=f"2023-01-{day:02d}") for day in range(1, 20)}
    new, given = "_posts/2024-05-01-new.md", post(40, front="permalink: /2023/01/05/post-5/\n", date="2024-05-01")
    assert taken(given, new, blog, site) == [(6, "/2023/01/05/post-5", "_posts/2023-01-05-post-5.md")]
    same_day = post(40, front="slug: post-5\n", date="2023-01-05")
    [(line, _, path)] = taken(same_day, "_posts/2023-01-05-new.md", blog, site)
    assert (line, path) == (6, "_posts/2023-01-05-post-5.md")
    assert taken(post(40, front="slug: post-5\n", date="2024-05-01"), new, blog, site) == []


def test_a_file_may_have_the_address_that_another_post_gives():
    blog = texts() | {"posts/given.md": post(1, front="permalink: /posts/new/\n")}
    assert taken(post(40, date="2024-05-01"), "posts/new.md", blog) == [(1, "/posts/new", "posts/given.md")]
    assert taken(post(40, date="2024-05-01"), "posts/newer.md", blog) == []


def test_of_two_changed_posts_the_one_that_gives_an_address_is_told():
    one, two = read(post(40, front="permalink: /posts/b/\n"), "posts/a.md"), read(post(41), "posts/b.md")
    followed = Followed([one, two], linking(texts()))
    assert told(check_addresses(one, followed)) == [("slug-taken", 6, "/posts/b")]
    assert list(check_addresses(two, followed)) == []


def test_of_two_changed_posts_with_one_id_the_second_is_told():
    one, two = read(f"{FRONT}One.\n", "posts/a.md"), read(f"{FRONT}Two.\n", "posts/a/index.md")
    followed = Followed([one, two], linking(texts()))
    assert list(check_addresses(one, followed)) == []
    assert told(check_addresses(two, followed)) == [("slug-taken", 1, "posts/a")]


def test_of_two_changed_posts_with_one_address_the_second_is_told():
    text = "---\ntitle: New\npermalink: /given/\nlang: en\n---\n\nText.\n"
    one, two = read(text, "posts/a.md"), read(text, "posts/b.md")
    followed = Followed([one, two], linking(texts()))
    assert list(check_addresses(one, followed)) == []
    [found] = check_addresses(two, followed)
    assert (found.line, found.subject, found.details) == (3, "/given", Taken("posts/a.md", "address"))


def test_an_address_that_its_post_gives_up_is_free():
    known = linking(texts() | {"posts/given.md": post(1, front="permalink: /given/\n")})
    new = read("---\ntitle: New\npermalink: /given/\nlang: en\n---\n\nText.\n", "posts/other.md")
    owner = read(post(1, front="permalink: /elsewhere/\n"), "posts/given.md")
    assert list(check_addresses(new, Followed([new, owner], known))) == []


def test_links_to_a_deleted_post_are_told_where_they_stand():
    blog = dated()
    gone = "posts/2023-01-05-post-4.md"
    deleted, known = read(blog[gone], gone), linking({path: text for path, text in blog.items() if path != gone})
    found = list(check_deleted([deleted], Followed([deleted], known), Followed([], known)))
    assert [(one.rule, one.severity, one.path, one.subject) for one in found] == [
        ("link-broken", "warning", "posts/2023-01-06-post-5.md", "/2023/01/05/post-4/")
    ]
    assert found[0].details == BrokenLink(gone, deleted=True)
    line = blog[found[0].path].splitlines().index("[before](/2023/01/05/post-4/)") + 1
    assert found[0].line == line


def test_a_link_that_goes_with_the_post_is_not_told():
    blog = dated()
    gone, linker = "posts/2023-01-05-post-4.md", "posts/2023-01-06-post-5.md"
    known = linking({path: text for path, text in blog.items() if path not in (gone, linker)})
    deleted, old = read(blog[gone], gone), read(blog[linker], linker)
    mended, kept = read(post(5), linker), read(blog[linker] + "\nMore.\n", linker)
    before = Followed([deleted, old], known)
    assert list(check_deleted([deleted], before, Followed([mended], known))) == []
    assert told(check_deleted([deleted], before, Followed([kept], known))) == told(
        check_deleted([deleted], before, Followed([old], known))
    )
    both = check_deleted([deleted, old], before, Followed([], known))
    assert [found.path for found in both] == ["posts/2023-01-07-post-6.md"]  # not the deleted one, which linked too


def test_a_renamed_post_says_how_many_link_to_its_old_address():
    blog = dated()
    old, new = "posts/2023-01-05-post-4.md", "posts/2023-01-05-better.md"
    known = linking({path: text for path, text in blog.items() if path != old})
    was, renamed = read(blog[old], old), read(blog[old], new)
    [found] = check_moved(renamed, was, old, Followed([was], known), Followed([renamed], known))
    assert (found.rule, found.path, found.details) == (
        "slug-changed",
        new,
        Moved(old, ("posts/2023-01-06-post-5.md",)),
    )
    given = "permalink: /here/\n"
    was, renamed = read(post(4, front=given), old), read(post(4, front=given), new)
    assert list(check_moved(renamed, was, old, Followed([was], known), Followed([renamed], known))) == []


def test_a_link_to_the_old_address_that_is_mended_too_is_not_counted():
    blog = dated()
    old, new, other = "posts/2023-01-05-post-4.md", "posts/2023-01-05-better.md", "posts/2023-01-06-post-5.md"
    known = linking({path: text for path, text in blog.items() if path not in (old, other)})
    was, linking_was = read(blog[old], old), read(blog[other], other)
    renamed, mended = read(blog[old], new), read(blog[other].replace("post-4", "better"), other)
    before = Followed([replace(was, path=new), linking_was], known)
    [found] = check_moved(renamed, was, old, before, Followed([renamed, linking_was], known))
    assert found.details == Moved(old, (other,))
    [found] = check_moved(renamed, was, old, before, Followed([renamed, mended], known))
    assert found.details == Moved(old)


def renamed(body, front="", generator="hugo"):
    """What is told where post-4 is renamed and another post says this."""
    how = replace(HOW, site=Site(GENERATORS[generator]))
    old, new, other = "posts/post-4.md", "posts/better.md", "posts/linking.md"
    blog = texts(20) | {other: post(30, body=body)}
    known = linking({path: text for path, text in blog.items() if path != old}, how)
    was, changed = read(blog[old], old, how), read(post(4, front=front), new, how)
    before, after = Followed([replace(was, path=new)], known), Followed([changed], known)
    links = list(check_links_to_renamed([(changed, was)], before, after))
    [moved] = check_moved(changed, was, old, before, after)
    assert {link.path for link in links} <= {other}
    return [(link.severity, link.line, link.subject) for link in links], moved.details.linked_by


@pytest.mark.parametrize(
    ("body", "severity", "href"),
    [
        ("[it](post-4.md)", "error", "post-4.md"),
        ('[it]({{< relref "post-4.md" >}})', "error", "post-4.md"),
        ('[it]({{< ref "/posts/post-4.md" >}})', "error", "/posts/post-4.md"),
        ('[it]({{< relref "post-4" >}})', "warning", "post-4"),
        ("[it](/posts/post-4/)", None, None),
    ],
)
def test_a_link_to_the_file_of_a_renamed_post_is_broken_where_it_stands(body, severity, href):
    links, linked_by = renamed(body)
    assert links == ([(severity, 10, href)] if severity else [])
    assert linked_by == ("posts/linking.md",)


def test_a_link_that_an_alias_still_leads_to_the_renamed_post_is_none():
    assert renamed("[it](/posts/post-4/)", "aliases: [/posts/post-4/]\n") == ([], ())


def test_who_links_to_whom():
    blog = dated()
    path = "posts/2023-01-05-post-4.md"
    changed, known = read(blog[path], path), linking({where: text for where, text in blog.items() if where != path})
    followed = Followed([changed], known)
    back = linking_to(followed)
    assert back == {path: {"posts/2023-01-06-post-5"}}
    assert link_state(path, "posts/2023-01-06-post-5", followed, back) == "in"
    assert link_state(path, "posts/2023-01-04-post-3", followed, back) == "out"
    assert link_state(path, "posts/2023-01-10-post-9", followed, back) == "none"
