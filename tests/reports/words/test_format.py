import pytest

from reports.words.format import chance, day, decimal, number, percent, safe_link


@pytest.mark.parametrize(
    "url",
    ["https://blog.example/a?b=c#d", "http://blog.example", "HTTPS://blog.example/", "/", "/posts/a/", "/記事/a"],
)
def test_safe_links(url):
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "ftp://blog.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "posts/a",
        "../a",
        "#a",
        "https://",
        "https:///evil.example",
        "https:evil.example",
        "https://a b",
        "https://blog.example/\n",
    ],
)
def test_unsafe_links(url):
    assert safe_link(url) is None


def test_numbers():
    assert number(20_000) == "20,000"
    assert (decimal(0.625), decimal(-0.001), decimal(0.98765, 3)) == ("0.62", "0.00", "0.988")
    assert (percent(-0.5), percent(0.625), percent(1.5)) == ("0", "62", "100")


def test_chances_are_never_impossible_or_certain():
    chances = [chance(probability) for probability in (0.0, 0.0099, 0.01, 0.125, 0.5, 0.99, 0.9901, 1.0)]
    assert chances == ["<1%", "<1%", "1%", "12%", "50%", "99%", ">99%", ">99%"]


def test_days():
    assert (day("2020-01-02T03:04:05+09:00"), day("2020-01-02"), day(None)) == ("2020-01-02", "2020-01-02", "")
