"""Sites of other generators that show related posts by the templates in docs/site.md: every link on every page.

`make test-sites` installs the generators; test_hugo.py has Hugo.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.jobs.sites import (
    BASE,
    GONE,
    built_links,
    compare_next,
    expected_links,
    export_next,
    make_site,
    next_snippets,
    snippets,
)

NODE = Path(__file__).parent / "node"
PAGE = '<!doctype html><meta charset="utf-8"><main data-post="%s"></main><nav>%s</nav>'


def run(folder, *command):
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "ASTRO_TELEMETRY_DISABLED": "1"}
    built = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr


def with_packages(folder):
    """Put the installed packages, and a package.json that names them, into a site."""
    (folder / "node_modules").symlink_to(NODE / "node_modules")
    shutil.copy(NODE / "package.json", folder)


def compare(links, run_, name, gone=GONE):
    expected = expected_links(run_, name, gone)
    assert {post: links.get(post) for post in expected} == expected
    assert sum(map(len, links.values())) > 200


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of a site; it is the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_jekyll(folder):
    (template,) = [text for _, text in snippets("Jekyll")]
    config = f"title: Lanterns\nbaseurl: {BASE}\nfuture: true\ndefaults:\n- values: {{layout: post}}\n"
    files = {
        "_config.yml": f"{config}exclude: [build]\nmarkdown_ext: md\n",
        "_layouts/post.html": PAGE % ("{{ page.path }}", template),
        "postkin-next.json": next_snippets("Jekyll")[0][1],
    }
    made = make_site(folder, "_posts", files, name=_dated)
    export_next("postkin-next.js")
    run(folder, "jekyll", "build", "--quiet")
    compare(built_links(folder / "_site"), made, lambda path: f"_posts/{path}", f"_posts/{_dated(GONE)}")
    compare_next("_site", made, lambda path: f"_posts/{path}", f"_posts/{_dated(GONE)}")


def _dated(path):
    """The name of a post as Jekyll wants it, with a date."""
    above, _, name = path.rpartition("/")
    if name == "index.md":
        above, _, name = above.rpartition("/")
        name += ".md"
    year = path[:4] if path[:4].isdigit() else "2020"
    return f"{above}/{name}" if name[:4].isdigit() else f"{above}/{year}-01-02-{name}"


def test_hexo(folder):
    (template,) = [text for _, text in snippets("Hexo")]
    files = {
        "_config.yml": f"url: https://blog.example{BASE}\nroot: {BASE}/\ntheme: plain\nsource_dir: source\n"
        "skip_render: postkin-next.js\n",
        "scripts/postkin-next.js": next_snippets("Hexo")[0][1],
        "themes/plain/layout/post.ejs": PAGE % ("<%= page.source %>", template),
    }
    made = make_site(folder, "source/_posts", files)
    export_next("source/postkin-next.js")
    with_packages(folder)
    run(folder, "node_modules/.bin/hexo", "generate", "--silent")
    compare(built_links(folder / "public"), made, lambda path: f"_posts/{path}", f"_posts/{GONE}")
    compare_next("public", made, lambda path: f"_posts/{path}", f"_posts/{GONE}")


@pytest.mark.parametrize("language", ["liquid", "njk"])
def test_eleventy(folder, language):
    found = snippets("Eleventy")
    template = next(text for kind, text in found if kind == language)
    setting = next(text for kind, text in found if kind == "js")
    files = {
        ".eleventy.js": "module.exports = (eleventyConfig) => {\n"
        f"{setting}\n  eleventyConfig.addPassthroughCopy('postkin-next.js');\n"
        f"  return {{ pathPrefix: '{BASE}/' }};\n}};\n",
        "posts/posts.json": json.dumps({"layout": f"post.{language}"}),
        f"_includes/post.{language}": PAGE % ("{{ page.inputPath }}", template),
        "postkin-next.11ty.js": next_snippets("Eleventy")[0][1],
    }
    made = make_site(folder, "posts", files, plain=True)
    export_next("postkin-next.js")
    with_packages(folder)
    run(folder, "node_modules/.bin/eleventy", "--quiet")
    compare(built_links(folder / "_site"), made, lambda path: f"./posts/{path}", f"./posts/{GONE}")
    compare_next("_site", made, lambda path: f"./posts/{path}", f"./posts/{GONE}")


def test_astro(folder):
    found = dict(snippets("Astro"))
    files = {
        "astro.config.mjs": f"export default {{ site: 'https://blog.example', base: '{BASE}' }};\n",
        "src/content.config.mjs": "import { defineCollection } from 'astro:content';\n"
        "import { glob } from 'astro/loaders';\n"
        "export const collections = {\n"
        "  blog: defineCollection({ loader: glob({ pattern: '**/*.md', base: './src/content/blog' }) }),\n};\n",
        "src/pages/blog/[...id].astro": f"---\n{found['js']}---\n{PAGE % ('{post.filePath}', found['astro'])}".replace(
            '"{post.filePath}"', "{post.filePath}"
        ),
        "src/pages/postkin-next.json.js": next_snippets("Astro")[0][1],
    }
    made = make_site(folder, "src/content/blog", files, plain=True)
    export_next("public/postkin-next.js")
    with_packages(folder)
    run(folder, "node_modules/.bin/astro", "build", "--silent")
    compare(built_links(folder / "dist"), made, lambda path: f"src/content/blog/{path}", f"src/content/blog/{GONE}")
    compare_next("dist", made, lambda path: f"src/content/blog/{path}", f"src/content/blog/{GONE}")


WITH_TAGS = ("2023/preview-pane-escaping.md", "2024/comments-and-sanitizing.md")
"""Posts whose HTML VitePress takes for its own."""
SETTINGS = "ignoreDeadLinks: true, srcExclude: ['build/**'], vue: { template: { transformAssetUrls: false } }"
"""Links and pictures of the posts may lead nowhere."""
LAYOUT = """
import { Content, useData } from 'vitepress';
import { h } from 'vue';
import Related from '../Related.vue';
const Layout = {
  setup() {
    const { page } = useData();
    return () => [h('main', { 'data-post': page.value.filePath }, h(Content)), h('nav', h(Related))];
  },
};
export default { Layout };
"""


def test_vitepress(folder):
    found = dict(snippets("VitePress"))
    files = {
        ".vitepress/config.mjs": f"export default {{ base: '{BASE}/', {SETTINGS} }};\n",
        ".vitepress/theme/index.js": LAYOUT,
        ".vitepress/posts.data.mjs": found["js"],
        ".vitepress/Related.vue": found["vue"],
    }
    made = make_site(folder, "posts", files, plain=True, without=WITH_TAGS)
    with_packages(folder)
    run(folder, "node_modules/.bin/vitepress", "build")
    compare(built_links(folder / ".vitepress/dist"), made, lambda path: f"posts/{path}", f"posts/{GONE}")
