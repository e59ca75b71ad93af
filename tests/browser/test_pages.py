"""What the other tests rely on: that the browser tells of errors, of requests and of what is too wide."""

import pytest

BROKEN = """<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"
content="script-src 'sha256-8/Q8cWZSyUcj9r3M8CzC0oAmRGl3nZtJPH7EsbwAHWw='"></head>
<body><img src="https://example.org/picture.png"><div style="width: 600px">wide</div>
<div style="overflow-x: auto"><div style="width: 600px">scrolls</div></div><script>unknown()</script>"""


@pytest.fixture
def broken(tmp_path):
    file = tmp_path / "broken.html"
    file.write_text(BROKEN, encoding="utf-8")
    return file


def test_errors_and_requests_are_seen(page, broken):
    page.open(broken)
    assert [url for url in page.requests() if url != broken.as_uri()] == ["https://example.org/picture.png"]
    page.run("setTimeout(() => { throw Error('thrown'); }); Promise.reject(Error('rejected'))")
    errors = []
    for word in ("Content Security Policy", "picture.png", "thrown", "rejected"):
        page.wait(lambda word=word: errors.extend(page.errors()) or any(word in error for error in errors), word)


def test_what_is_too_wide_is_seen(page, broken):
    assert page.open(broken, width=390).overflowing() == ["DIV  "]
    assert page.open(broken).overflowing() == []


def test_violations_are_seen(page, broken):
    assert {rule for _, rule, _ in page.open(broken).violations()} >= {"image-alt", "document-title"}
