import pytest

from jobs.options.checkout import blog_name, edit_pattern, is_edit_url
from jobs.options.errors import UsageError
from jobs.options.page import Page
from transforms.site.site_model import PLAIN_SITE, Site

GITHUB = "https://github.com/o/r/edit/main/"


@pytest.fixture
def checkout(tmp_path):
    """A folder of posts in a git repository with a remote and a head."""

    def make(url, head="ref: refs/heads/main", posts="content/posts"):
        git = tmp_path / "my-blog" / ".git"
        git.mkdir(parents=True)
        (git / "HEAD").write_text(f"{head}\n")
        (git / "config").write_text(
            f'[core]\n\tbare = false\n[remote "up"]\n\turl = https://github.com/x/y\n[remote "origin"]\n\turl = {url}\n'
            '\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n'
        )
        folder = git.parent / posts
        folder.mkdir(parents=True)
        return str(folder)

    return make


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://github.com/o/r.git", GITHUB),
        ("https://x-access-token:secret@github.com/o/r", GITHUB),
        ("git@github.com:o/r.git", GITHUB),
        ("ssh://git@github.com/o/r.git", GITHUB),
        ("https://gitlab.com/group/sub/r.git", "https://gitlab.com/group/sub/r/-/edit/main/"),
        ("https://codeberg.org/o/r", "https://codeberg.org/o/r/_edit/main/"),
    ],
)
def test_a_known_host_says_where_a_post_is_edited(checkout, url, address):
    assert edit_pattern([checkout(url)]) == f"{address}content/posts/{{path}}"


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example/o/r",
        "/srv/git/r",
        "https://github.com/o/../r",
        'https://github.com/o/r"><script>',
        "javascript:alert(1)//github.com/o/r",
        "https://github.com.evil.example/o/r",
        "",
    ],
)
def test_another_remote_says_nothing(checkout, url):
    assert edit_pattern([checkout(url)]) is None


@pytest.mark.parametrize(("head", "branch"), [("0" * 40, "HEAD"), ("ref: refs/heads/a/b", "a/b"), ("ref: x", "HEAD")])
def test_the_branch_is_the_one_checked_out(checkout, head, branch):
    assert edit_pattern([checkout("https://github.com/o/r", head)]).startswith(f"https://github.com/o/r/edit/{branch}/")


def test_a_given_pattern_goes_before_the_remote(checkout):
    folder = checkout("https://github.com/o/r", posts="some posts")
    assert edit_pattern([folder], "https://e.example/{path}?x") == "https://e.example/some%20posts/{path}?x"


def test_a_given_pattern_is_below_the_posts_without_a_repository(tmp_path):
    assert edit_pattern([str(tmp_path)], "https://e.example/{path}") == "https://e.example/{path}"
    assert edit_pattern([str(tmp_path)]) is None
    assert edit_pattern(["gs://b/posts"], "https://e.example/{path}") == "https://e.example/{path}"


def test_posts_below_several_folders_have_no_place_to_be_edited(tmp_path):
    assert edit_pattern([str(tmp_path), str(tmp_path.parent)], "https://e.example/{path}") is None


@pytest.mark.parametrize(
    "text",
    [
        "https://e.example/",
        "javascript:alert({path})",
        "https://{path}",
        "https://e.example/{path}/{path}",
        "https://e.example/{path} x",
        'https://e.example/"{path}',
        "/edit/{path}",
    ],
)
def test_what_is_no_pattern_is_refused(text):
    assert not is_edit_url(text)
    with pytest.raises(UsageError, match="edit-url"):
        Page(edit_url=text)


def test_a_blog_is_called_what_its_config_says():
    assert blog_name(Site(title="A blog of mine"), ["x"]) == "A blog of mine"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("my-blog/content/posts", "my-blog"),
        ("notes/_posts", "notes"),
        ("notes/posts/**/*.md", "notes"),
        ("../posts", "Blog"),
        (".", "Blog"),
        ("notes/2024", "notes"),
        ("project/tests", "project"),
        ("/home/someone/notes", "notes"),
        ("gs://bucket/posts", "bucket"),
    ],
)
def test_else_it_is_called_as_the_nearest_folder_given_that_has_a_name(folder, name):
    assert blog_name(PLAIN_SITE, [folder]) == name


def test_a_package_that_is_called_as_what_made_it_does_not_name_the_blog(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "package.json").write_text('{"name": "quartz"}', encoding="utf-8")
    (tmp_path / "content").mkdir()
    assert blog_name(PLAIN_SITE, [f"{tmp_path}/content"]) == "Blog"
    (tmp_path / "package.json").write_text('{"name": "notes.example"}', encoding="utf-8")
    assert blog_name(PLAIN_SITE, [f"{tmp_path}/content"]) == "notes.example"


@pytest.mark.parametrize("checkout", ["/tmp/a", "/srv/runner/2"])
def test_where_a_checkout_is_does_not_name_the_blog(checkout):
    assert blog_name(PLAIN_SITE, [f"{checkout}/content/posts"]) == "Blog"
