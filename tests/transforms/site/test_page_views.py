import pytest

from transforms.records import Article
from transforms.site.page_views import PopularityError, normal_place, read_popularity, with_views


@pytest.mark.parametrize(
    "text",
    [
        '{"/a/": 1200, "/b": 3, "https://blog.example/a?utm=1": 34}',
        '[{"path": "/a/", "views": 1200}, {"path": "/b", "views": "3"}, {"path": "/a", "views": 34.0}]',
        '[{"url": "https://blog.example/a/", "pageviews": "1,234"}, {"url": "/b.html", "pageviews": 3}]',
        "path,views\n/a/,1200\n/b,3\n/a?x=1,34\n",
        'page,title,views\r\n/a/,"A, the first","1,234"\r\n/b/,B,3\r\n',
        "\ufeffPage path;Views\n/a;1234\n/b;3\n",
        "# Exported on a Monday\n#\nPage path and screen class,Page,Views\nx,/a,1234\ny,/b/index.html,3\n",
        "/a\t1 234\n/b\t3\n",
        "path,views,count\n/a,1234,1\n\n/b,3,1\n,,\n",
        "# All Users\nPage path and screen class,Views,Active users\n/a/,1234,900\n/b,3,3\n",
        "ページ パスとスクリーン クラス,表示回数\n/a/,1234\n/b,3\n",
        "Page Path;Page Views\n/a;1.234\n/b;3\n",
        'Page,Pageviews\n/a,"1,234.00"\n/b,3\n\nDay Index,Pageviews\n1/1/20,12\n1/2/20,99\n',
        'page,title,views\n/a,"A, the\n\nfirst",1234\n/b,Users,3\n',
    ],
)
def test_page_views_as_tools_export_them(text):
    assert read_popularity(text) == {"a": 1234, "b": 3}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it holds no row"),
        ("path,views\n", "it holds no row"),
        ("{", "it is no JSON"),
        ("[1]", "row 1 is no object with a path and its views"),
        ('[{"path": "/a"}]', "row 1 names no path and views; give columns such as path and views"),
        ('{"/a": "many"}', "'many' of '/a' is no number of views"),
        ('{"/a": true}', "True of '/a' is no number of views"),
        ('{"/a": -1}', "-1 of '/a' is no number of views"),
        ("path,views\n/a,1\n/b,lots\n", "'lots' in line 3 is no number of views"),
        ("path,title,views\n/a,1\n", "line 2 has 2 columns, and 3 are needed"),
        ("some words\n", "line 1 names no path and views"),
        ("[" * 100_000, "it is no JSON"),
        ('{"/a": 1e20}', "1e+20 of '/a' is no number of views"),
        ('{"/a": NaN}', "nan of '/a' is no number of views"),
        (f"path,views\n/a,{'9' * 400}\n", "in line 2 is no number of views"),
        ("path,views\n/a,1 23\n", "'1 23' in line 2 is no number of views"),
        ('path,title,views\n/a,"two\nlines",5\n/b,x,lots\n', "'lots' in line 4 is no number of views"),
        ("page,title,views\n/a,Users,none\n/b,B,1\n", "'none' in line 2 is no number of views"),
        (f"path,views\n/a,{'x' * 200_000}\n", "it is no CSV: field larger than field limit"),
    ],
)
def test_what_holds_no_page_views_says_where(text, reason):
    with pytest.raises(PopularityError) as error:
        read_popularity(text)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "place",
    [
        "/2020/a/",
        "2020/a",
        "https://blog.example/2020/a.html?x=1#top",
        "//www.blog.example/2020/a/index.html",
        "/2020/%61",
    ],
)
def test_a_page_is_one_whatever_its_address(place):
    assert normal_place(place) == "2020/a"


def test_a_number_of_json_is_no_text_with_groups_of_digits():
    assert read_popularity('{"/a": 1.234, "/b": "1.234", "/c": 2.0}') == {"a": 1, "b": 1234, "c": 2}


def test_a_row_without_a_page_is_no_article_s():
    views = read_popularity('[{"path": null, "views": 9}, {"path": "/a", "views": 1}]')
    assert with_views(Article("None", "None.md", "None"), views).views is None
    assert with_views(Article("a", "a.md", "A"), views).views == 1


def test_a_dated_post_has_the_views_of_the_address_that_jekyll_gives_it():
    article = Article("2020-01-02-a", "_posts/2020-01-02-a.md", "A", date="2020-01-02T09:00:00+09:00")
    assert with_views(article, read_popularity("path,views\n/2020/01/02/a/,5\n/2020/01/03/a/,7\n")).views == 5
    assert with_views(article, {"_posts/2020-01-02-a": 2, "2020/01/02/a": 5}).views == 7


def test_an_article_has_the_views_of_its_addresses_each_once():
    article = Article("2020/a", "2020/a.md", "A", url="https://blog.example/a/")
    assert with_views(article, {"2020/a": 5, "a": 7, "b": 1}).views == 12
    assert with_views(article, {"a": 0}).views == 0
    assert with_views(article, {"b": 1}) is article
    assert with_views(Article("", "index.md", "Home", url="/"), {"": 9}).views is None
