"""The script that shows what to read next, on pages of a site: what it chooses, keeps, forgets and survives."""

import base64
import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import numpy as np
import pytest
from selenium.webdriver.common.keys import Keys

from reports.site.next_script import next_script
from tests.browser.hostile import ATTACK, TITLES, URLS
from tests.browser.pages import READY
from tests.jobs.pages import DOCS, code, section

KEY = "postkin-read"
FILE = "/postkin-next.json"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:"
COUNT = 40
NAV = code(section(DOCS["docs/readers.md"], "The place on the page"))[0][1]
SETTLED = f"""
const [asked] = performance.getEntriesByName(new URL("{FILE}", location.href).href);
if (!asked?.responseEnd) return false;
return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));
"""


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder under a strict policy, and says nothing."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_):
        pass


class Site:
    """A site in a folder, served on this machine."""

    def __init__(self, folder, server):
        self.folder, self.base, self.rows = folder, f"http://127.0.0.1:{server.server_port}", []

    def write(self, path, *, nav=NAV, lang="en"):
        file = self.folder / path.strip("/") / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><link rel="icon" href="data:,"><title>A page'
            f"</title><main><h1>A page</h1></main>{nav}</html>",
            encoding="utf-8",
        )

    def lay_out(self, rows):
        self.rows = rows
        (self.folder / FILE.strip("/")).write_text(json.dumps(rows), encoding="utf-8")

    def visit(self, page, path, *, settled=True):
        page.browser.get("about:blank")
        for log in ("browser", "performance"):
            page.browser.get_log(log)
        page.browser.get(self.base + quote(path))
        page.wait(lambda: page.run(READY))
        if settled:
            page.wait(lambda: page.run(SETTLED))
        return page.run("return [...document.querySelectorAll('nav li a')].map((link) => link.getAttribute('href'))")


def row(path, vector, title="A post", language=""):
    return [path, title, [language, base64.b64encode(np.asarray(vector, np.int8).tobytes()).decode()]]


def expected(rows, history, language="", count=4):
    """The same choice by other means, in NumPy: the addresses, best first."""
    vectors = {path: np.frombuffer(base64.b64decode(bytes_), np.int8).astype(float) for path, _, (_, bytes_) in rows}
    unit = {path: vector / np.linalg.norm(vector) for path, vector in vectors.items() if vector.any()}
    read = [path for path in history if path in unit][::-1]
    mean = np.average([unit[path] for path in read], axis=0, weights=[0.5 ** (at / 3) for at in range(len(read))])
    scores = {path: unit[path] @ mean for path, _, (of, _) in rows if of == language and path in unit}
    ranked = sorted(scores, key=lambda path: (-round(scores[path], 9), path))
    return [path for path in ranked if path not in history and scores[path] > 0][:count]


def path_of(number):
    return f"/posts/{number:02}/"


@pytest.fixture
def site(tmp_path):
    """A site whose server has a port of its own, so that no other test's history is there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "postkin-next.js").write_bytes(next_script())
    site = Site(tmp_path, server)
    random = np.random.default_rng(5)
    vectors = np.clip(random.normal(0, 40, (COUNT, 64)) + 30 * random.normal(size=64), -127, 127).astype(np.int8)
    vectors[10:14] = vectors[3]  # of the same text
    vectors[20] = 0
    site.lay_out([row(path_of(number), vector, f"Post {number}") for number, vector in enumerate(vectors)])
    for number in range(COUNT):
        site.write(path_of(number))
    yield site
    server.shutdown()
    server.server_close()


def stored(page):
    return page.run("return localStorage.getItem(arguments[0])", KEY)


def test_the_script_is_small_and_its_place_hidden_without_it():
    assert len(next_script()) < 4_000
    assert " hidden>" in NAV


def test_what_is_shown_follows_what_was_read(page, site):
    history = []
    for number in (7, 3, 30, 7, 20):
        history = [path for path in history if path != path_of(number)] + [path_of(number)]
        shown = site.visit(page, path_of(number))
        assert shown == expected(site.rows, history)
        assert page.texts("nav li") == [f"Post {int(path[7:9])}" for path in shown]
        known = [path for path in history if path != path_of(20)]  # it has no words, and is like no other
        assert json.loads(stored(page)) == [path.rstrip("/") for path in known]
        assert page.errors() == []
    assert len(set(history)) == 4


def test_posts_of_the_same_text_are_in_the_order_of_their_addresses(page, site):
    site.lay_out(site.rows[::-1])
    assert site.visit(page, path_of(3)) == [path_of(number) for number in (10, 11, 12, 13)]


def test_nothing_leaves_the_browser(page, site):
    site.visit(page, path_of(1))
    site.visit(page, path_of(2))
    asked = [url for url in page.requests() if url.startswith("http")]
    assert sorted(url.removeprefix(site.base) for url in asked) == ["/postkin-next.js", FILE, path_of(2)]
    assert page.run("return document.cookie") == ""


def test_the_reader_can_have_it_forgotten_by_keyboard(page, site):
    site.visit(page, path_of(1))
    button = page.find("nav button")
    page.run("arguments[0].focus()", button)
    page.press(Keys.ENTER)
    assert stored(page) is None
    assert page.all("nav li") == []
    assert page.focused.text == "Forgotten."
    assert site.visit(page, path_of(2)) == expected(site.rows, [path_of(2)])


def test_axe_finds_nothing_serious(page, site):
    site.visit(page, path_of(1))
    assert page.shown("nav h2")
    assert page.find("nav").accessible_name == "Next for you"
    page.devtools("Page.setBypassCSP", enabled=True)
    assert page.violations() == []
    page.devtools("Page.setBypassCSP", enabled=False)


def test_texts_and_addresses_of_posts_never_run(page, site):
    vector = np.ones(64)
    hostile = [row(f"/evil/{number:02}/", vector, title) for number, title in enumerate(TITLES)]
    others = [row(url, vector, ATTACK) for url in (*URLS, "//evil.example/a", "http://127.0.0.1:1/a", "http://[")]
    site.lay_out([row(path_of(1), vector), *others, *hostile])
    site.write(path_of(1), nav=NAV.replace("data-postkin=", 'data-count="99" data-postkin='))
    shown = site.visit(page, path_of(1))
    assert [url for url in shown if url.startswith("/evil/")] == [url for url, *_ in hostile]
    assert set(shown) <= {url for url, *_ in hostile} | {'/a" onclick="x'}
    titles = page.run("return [...document.querySelectorAll('nav li a')].map((link) => link.textContent)")
    assert [title for title in titles if title != ATTACK] == list(TITLES)
    assert page.run("return window.attacked") is None
    assert page.run("return document.querySelectorAll('nav li *:not(a)').length") == 0


GARBAGE = (
    *("", "null", "{", "[", "3", '"x"', "{}", '{"length": 3}', "[[], {}, null, 4]", "\u0000"),
    *('["/nowhere", 5, "__proto__"]', "[" * 100_000, json.dumps(["/elsewhere"] * 100_000)),
)


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_in_the_storage_does_no_harm(page, site, garbage):
    site.visit(page, path_of(1))
    page.run("localStorage.setItem(arguments[0], arguments[1])", KEY, garbage)
    assert site.visit(page, path_of(2)) == expected(site.rows, [path_of(2)])
    assert json.loads(stored(page))[-1] == "/posts/02"
    assert page.errors() == []


BROKEN = {
    "forbidden": "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }});",
    "none": "Object.defineProperty(window, 'localStorage', {value: null});",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_storage_does_no_harm(page, site, broken):
    added = page.devtools("Page.addScriptToEvaluateOnNewDocument", source=BROKEN[broken])
    try:
        for number in (1, 2):  # nothing is remembered
            assert site.visit(page, path_of(number)) == expected(site.rows, [path_of(number)])
        page.find("nav button").click()
        assert page.focused.text == "Forgotten."
        assert page.errors() == []
    finally:
        page.devtools("Page.removeScriptToEvaluateOnNewDocument", **added)


def test_the_history_is_bounded_and_the_newest_stay(page, site):
    site.visit(page, path_of(1))
    page.run("localStorage.setItem(arguments[0], arguments[1])", KEY, json.dumps([f"/{at}" for at in range(1000)]))
    site.visit(page, path_of(2))
    assert json.loads(stored(page)) == [*(f"/{at}" for at in range(801, 1000)), "/posts/02"]


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", '[["/a"]]', '[["/a", "A", ["", "%"]]]', "<html>"])
def test_without_a_right_file_nothing_happens(page, site, content):
    file = site.folder / FILE.strip("/")
    file.unlink()
    if content is not None:
        file.write_text(content, encoding="utf-8")
    site.visit(page, path_of(1))
    assert page.shown("nav") == []
    assert stored(page) is None
    assert [error for error in page.errors() if "404" not in error] == []


@pytest.mark.parametrize("nav", ["", NAV.replace("<ul></ul>", ""), NAV.replace("data-postkin=", "data-other=")])
def test_a_page_without_its_place_stays_as_it_is(page, site, nav):
    site.write(path_of(1), nav=f'{nav}<script src="/postkin-next.js"></script>')
    site.visit(page, path_of(1), settled=False)
    assert page.all("nav li") == []
    assert page.errors() == []


def test_a_page_that_is_no_post_shows_what_follows_from_the_posts_read(page, site):
    site.write("/about/")
    assert site.visit(page, "/about/") == []
    assert page.shown("nav") == []
    site.visit(page, path_of(1))
    assert site.visit(page, "/about/") == expected(site.rows, [path_of(1)])
    assert json.loads(stored(page)) == ["/posts/01"]


def test_posts_in_the_language_of_the_page(page, site):
    languages = ["en", "ja", "pt", "pt-br"]
    site.lay_out([[path, title, [languages[at % 4], code_]] for at, (path, title, (_, code_)) in enumerate(site.rows)])
    read = [path_of(number) for number in range(4)]
    for number in range(4):
        assert site.visit(page, path_of(number)) == expected(site.rows, read[: number + 1], languages[number])
    for lang, of in (("en", "en"), ("en-GB", "en"), ("ja", "ja")):
        site.write("/about/", lang=lang)
        assert site.visit(page, "/about/") == expected(site.rows, read, of)
    for lang in ("", "de", "e"):
        site.write("/about/", lang=lang)
        assert site.visit(page, "/about/") == []
    site.write("/about/", nav=NAV.replace("<nav", "<nav data-any-language"))
    rows = [[path, title, ["", code_]] for path, title, (_, code_) in site.rows]
    assert site.visit(page, "/about/") == expected(rows, read)


@pytest.mark.parametrize("path", ["/posts/01/index.html", "/posts/01/?from=feed"])
def test_the_same_post_by_other_addresses(page, site, path):
    page.browser.get(site.base + path)
    page.wait(lambda: page.run(SETTLED))
    assert json.loads(stored(page)) == ["/posts/01"]


def test_addresses_in_any_script(page, site):
    site.lay_out([*site.rows, row("/posts/在宅勤務 1/", np.ones(64))])
    site.write("/posts/在宅勤務 1/")
    site.visit(page, "/posts/在宅勤務 1/")
    assert json.loads(stored(page)) == ["/posts/在宅勤務 1"]
