"""Posts whose every text is made to break a page: out of an attribute, an element, a script, or the layout."""

import yaml

ATTACK = "window.attacked = true"
TITLES = (
    f"<script>{ATTACK}</script>",
    f'"><img src=x onerror="{ATTACK}">',
    f"</script><script>{ATTACK}</script>",
    f"</title></style></textarea><svg onload='{ATTACK}'>",
    f"';{ATTACK};//\\",
    f"<!--<script>{ATTACK}",
    "{{ 7 * 7 }} ${7 * 7} {% raw %}",
    "one\u2028two\u2029three",
    "“quotes” ‘and’ \"marks\" & 'entities' &lt;b&gt; &amp;",
    "W" * 500,
    "a title of many words " * 23,
    "\u202eright to left and never back",
    "عنوان المقال عن الضوء والبلورات",
    "כותרת בעברית: אור & קול",
    "👩🏽‍🔬👨‍👩‍👧‍👦 emoji 🏳️‍🌈",
    "日本語の題名がとても長くて折り返しが必要になる" * 8,
    '=HYPERLINK("https://example.com")',
    "@SUM(1)",
    "＝１＋１",
    "＠SUM(1)",
    "zalgo " + "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306" * 8,
)
URLS = (
    "javascript:window.attacked=true",
    "data:text/html,<script>window.attacked=true</script>",
    '/a" onclick="x',
    "https://example.com/<b>",
)
WORDS = ["light", "crystal", "wave", "mirror", "lens", "prism", "beam", "colour", "glass", "ray"]


def hostile_posts():
    """Posts as texts by path: two of each title, dated and tagged with it, and linked to each other's files."""
    posts = {}
    for number, title in enumerate(title for title in TITLES for _ in range(2)):
        words = " ".join(WORDS[number % 5 : number % 5 + 5])
        front = {
            "title": title,
            "date": f"20{10 + number % 12}-01-{number % 28 + 1:02}",
            "tags": [title[:80], WORDS[number % 4]],
            "categories": [title[:80]],
            "url": URLS[number % len(URLS)],
            "thumbnail": URLS[number % len(URLS)],
        }
        posts[f"{number:02}.md"] = (
            f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\n{words}: {title}\n\n{words} {words}.\n\n"
            f"## {title}\n\n[{title}]({(number + 1) % (2 * len(TITLES)):02}.md)\n"
        )
    posts[f"<img src=x onerror='{ATTACK}'>.md"] = "---\ntitle: [broken\n---\n"
    return posts
