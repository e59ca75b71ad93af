"""`postkin.toml`: what it may say, how it is refused, and that flags go before it."""

import os
import re
import shlex
import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs import export
from jobs.cli import main
from jobs.evaluate import config as evaluate
from jobs.options.config_file import ConfigError, ConfigFile, find_config
from jobs.options.configured import settings_of
from jobs.options.errors import UsageError
from jobs.options.settings import (
    RULES,
    CheckSettings,
    RuleSettings,
    Settings,
    TagSettings,
    find_settings,
    read_settings,
)
from jobs.report import config as report
from transforms.plumbing.printable import printable

FULL = """
posts = ["content/posts", "content/*/notes"]
include = ["pages"]
site-generator = "hugo"
site = "https://example.org/blog/"
output = "out/report"
related = 6
related-by = ["text", "tags"]
prefer-recent = true
any-language = true
tag-count = 3
min-confidence = 0
themes = "auto"
title = "Blog & コードの日々"
lang = "ja"
map = "none"
tree = ["articles"]
state = ".cache/mine"

[fields]
tags = ["tags", "topics"]
date = "published"

[check]
fail-on = "warning"

[check.rules]
tag-new = "warning"
tag-suggest = { severity = "notice", at-least = 0.5, most = 5 }
link-missing = "off"

[check.ignore]
"content/posts/2014/**" = ["*"]
"content/notes/*.md" = "tag-new"

[tags]
closed = true
known = ["release-notes"]

[tags.synonyms]
k8s = "kubernetes"
K8S = "kubernetes"

[export]
related = 3
same-language = true
with = ["themes", "why"]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder, of a git repository of its own."""
    (tmp_path / "blog/.git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "blog")
    return tmp_path / "blog"


def write(folder, text):
    (folder / "postkin.toml").write_text(text, encoding="utf-8")
    return find_settings()


def refusal(folder, text):
    with pytest.raises(ConfigError) as refused:
        write(folder, text)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_everything_that_it_may_say(folder):
    settings = write(folder, FULL)
    assert settings.report == {
        "--input": ["content/posts", "content/*/notes"],
        "--include": ("pages",),
        "--site-generator": "hugo",
        "--site": "https://example.org/blog/",
        "--output": "out/report",
        "--related": 6,
        "--related-by": ("text", "tags"),
        "--prefer-recent": True,
        "--any-language": True,
        "--tag-count": 3,
        "--min-confidence": 0.0,
        "--themes": None,
        "--title": "Blog & コードの日々",
        "--lang": "ja",
        "--map": ("none",),
        "--tree": ("articles",),
        "--field": ["tags=tags,topics", "date=published"],
    }
    assert settings.export.flags == {
        "--related": 3,
        "--any-language": False,
        "--with": ("themes", "why"),
        "--site-generator": "hugo",
    }
    assert settings.check == CheckSettings(
        "warning",
        {
            "tag-new": RuleSettings("warning"),
            "tag-suggest": RuleSettings("notice", 0.5, 5),
            "link-missing": RuleSettings("off"),
        },
        {"content/posts/2014/**": ("*",), "content/notes/*.md": ("tag-new",)},
    )
    assert settings.tags == TagSettings(True, ("release-notes",), {"k8s": "kubernetes", "K8S": "kubernetes"})
    assert (settings.state, settings.name, settings.folder) == (".cache/mine", "postkin.toml", str(folder))


def test_an_empty_one_says_where_things_are(folder):
    settings = write(folder, "")
    assert settings.report == {"--output": "build/postkin"}
    assert settings.evaluate == {"--output": "build/evaluation"}
    assert (settings.state, settings.export.flags) == (None, {})
    assert (settings.check, settings.tags) == (CheckSettings(), TagSettings())


def test_the_flags_of_a_report_are_those_of_the_file(folder):
    settings = write(folder, FULL)
    flags = shlex.split(
        "--input content/posts 'content/*/notes' --include pages --site-generator hugo --output out/report --related 6"
        " --site https://example.org/blog/ --related-by text,tags --prefer-recent --any-language --tag-count 3"
        " --min-confidence 0 --themes auto --lang ja --map none --tree articles --field tags=tags,topics"
        " --field date=published --title 'Blog & コードの日々'"
    )
    said = report.parse_config([], settings)
    given = report.parse_config(flags)
    assert said.as_row() == given.as_row()
    assert said.output == given.output
    assert report.parse_config([], settings) != report.parse_config(["--input", "a", "--output", "b"])


def test_flags_win(folder):
    settings = write(folder, FULL)
    flags = shlex.split(
        "--input other --output o --related 2 --no-prefer-recent --themes 4 --field tags=labels --lang en"
    )
    config = report.parse_config(flags, settings)
    assert (config.source.input, config.output, config.related, config.clusters) == (("other",), "o", 2, 4)
    assert (config.prefer_recent, config.any_language, config.page.lang) == (False, True, "en")
    assert config.source.fields["tags"] == ("labels",)
    assert config.source.fields["date"] == ("published",)
    assert export.parse_config(["--related", "1", "run"], settings).run == "run"
    assert export.parse_config(["--related", "1"], settings).wanted.related == 1


def test_vectors_are_read_in_place_of_posts(folder):
    config = report.parse_config(["--vectors", "v.parquet"], write(folder, FULL.replace("lang =", "#")))
    assert (config.source.patterns, config.source.field_names, config.site.site) == (("v.parquet",), (), None)
    assert config.related == 6


def test_the_other_commands(folder):
    settings = write(folder, FULL)
    of_evaluation = evaluate.parse_config([], settings)
    assert of_evaluation.output == "build/evaluation"
    assert of_evaluation.source.input == ("content/posts", "content/*/notes")
    assert of_evaluation.source.fields["date"] == ("published",)
    config = export.parse_config([], settings)
    assert (config.run, config.generator, config.home) == ("out/report", "hugo", str(folder))
    assert (config.wanted.related, config.wanted.any_language) == (3, False)
    assert config.wanted.extras == {"themes", "why"}


@pytest.mark.parametrize(
    ("generator", "of_report", "of_export"),
    [("json", None, "json"), ("none", "none", "json"), ("zola", "zola", "json"), ("jekyll", "jekyll", "jekyll")],
)
def test_each_generator_is_of_both(folder, generator, of_report, of_export):
    settings = write(folder, f'posts = "."\nsite-generator = "{generator}"')
    assert report.parse_config([], settings).site.site_generator == of_report
    assert export.parse_config([], settings).generator == of_export


def test_languages_of_the_export_are_those_of_the_report(folder):
    assert export.parse_config([], write(folder, "any-language = true")).wanted.any_language
    assert not export.parse_config(
        [], write(folder, "any-language = true\n[export]\nsame-language = true")
    ).wanted.any_language
    assert export.parse_config(
        [], write(folder, "any-language = true\n[export]\nsame-language = false")
    ).wanted.any_language
    assert not export.parse_config(["--no-any-language"], write(folder, "any-language = true")).wanted.any_language


def test_it_is_found_from_the_working_folder_up_to_the_root_of_git(folder, monkeypatch, tmp_path):
    write(tmp_path, 'posts = "outside"')
    deep = folder / "a/b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_settings() == Settings()
    write(folder, 'posts = ["posts", "a/posts"]')
    assert find_settings().report == {"--input": ["../../posts", "../posts"], "--output": "../../build/postkin"}
    assert find_settings().name == "../../postkin.toml"
    write(folder / "a", 'posts = "nearer"')
    assert find_settings().report["--input"] == ["../nearer"]
    assert settings_of(["--config", "../../postkin.toml", "--quiet"]).report["--input"] == ["../../posts", "../posts"]
    assert settings_of(["--no-config"]) == Settings()


def test_outside_of_git_only_the_working_folder_counts(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    write(tmp_path, "")
    assert find_config(tmp_path) == tmp_path / "postkin.toml"
    assert find_config(tmp_path / "sub") is None


def test_a_worktree_has_its_root_where_its_file_of_git_is(tmp_path, monkeypatch):
    (tmp_path / "tree/sub").mkdir(parents=True)
    (tmp_path / "tree/.git").write_text("gitdir: elsewhere")
    write(tmp_path, "")
    assert find_config(tmp_path / "tree/sub") is None


KNOWN = st.sampled_from(("posts", "related", "themes", "title", "fields", "check", "tags", "export", "site", "map"))
VALUES = st.recursive(
    st.none().map(lambda _: "x") | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KNOWN | st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)


@example({" 0": "x"})
@given(st.dictionaries(KNOWN | st.sampled_from([*RULES]) | st.text(max_size=9), VALUES, max_size=4))
def test_whatever_it_says_is_read_or_refused_in_one_line(values):
    said = ""
    with suppress(ConfigError):
        try:
            read_settings(ConfigFile("postkin.toml", "/blog", "/blog", values))
        except ConfigError as refused:
            said = str(refused)
            raise
    assert re.fullmatch(r"(postkin\.toml: \S.{,2000}; \S.*)?", printable(said))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("releated = 4", "releated is unknown; did you mean related?"),
        ("Posts = 'a'", "Posts is unknown; did you mean posts?"),
        ("[chek]\nfail-on = 'error'", "chek is unknown; did you mean check?"),
        ("[check.rules]\ntag-nwe = 'off'", "check.rules.tag-nwe is unknown; did you mean check.rules.tag-new?"),
        ("[check]\nfail = 'error'", "check.fail is unknown; did you mean check.fail-on?"),
        ("[export]\nsame_language = true", "export.same_language is unknown; did you mean export.same-language?"),
        ("[fields]\ntgas = 'tags'", "fields.tgas is unknown; did you mean fields.tags?"),
        ("related = '4'", "related = '4' is not a whole number from 1 up; give one, without quotes"),
        ("related = true", "related = true is not a whole number from 1 up; give one, without quotes"),
        ("related = 0", "related = 0 is not a whole number from 1 up; give one, without quotes"),
        ("posts = 5", "posts = 5 is no text; give one in quotes"),
        ("posts = []", "posts = [] names nothing; "),
        (f"posts = {[f'{n}/*' for n in range(51)]}", "posts has 51 paths; give at most 50, or a folder that is above "),
        ("posts = ['a', '']", "posts = '' is not a line of 1 to 1000 characters; give one"),
        ('posts = "a\\u0000b"', "posts = 'a\\x00b' is not a line of 1 to 1000 characters; give one"),
        ("prefer-recent = 'yes'", "prefer-recent = 'yes' is neither true nor false; "),
        ("min-confidence = nan", "min-confidence = nan is not a number from 0 to 1; "),
        ("min-confidence = 50", "min-confidence = 50 is not a number from 0 to 1; "),
        ("themes = 'ten'", "themes = 'ten' is neither a whole number from 1 up nor 'auto'; "),
        ("site = 'blog.example'", "site = 'blog.example' is no web address; give one such as "),
        ("lang = 'fr'", "lang = 'fr' is unknown; give one of auto, en, ja"),
        ("site-generator = 'wordpress'", "site-generator = 'wordpress' is unknown; give one of astro, "),
        ("export = true", "export = true is no table; write its keys below a line [export]"),
        ("[fields]\ntags = 'a,b'", "fields.tags = 'a,b' is no name; give several as a list of texts"),
        ("[check]\nfail-on = 'off'", "check.fail-on = 'off' is unknown; give one of error, warning, "),
        ("[check.rules]\ntag-new = 1", "check.rules.tag-new = 1 is no text; "),
        ("[check.rules]\ntag-new = { most = 1 }", "check.rules.tag-new.most is unknown; "),
        ("[check.ignore]\n'a/**' = ['tag-nwe']", "check.ignore.'a/**' = 'tag-nwe' is unknown; give one of "),
        ("[tags.synonyms]\nk8s = 'kube'\nkube = 'kubernetes'", "tags.synonyms.'k8s' = 'kube' is itself replaced; "),
        ("[tags.synonyms]\nk8s = 'Kube'\nkube = 'K8s'", "tags.synonyms.'k8s' = 'Kube' is itself replaced; "),
        ("[tags.synonyms]\nk8s = 'k8s'", "tags.synonyms.'k8s' = 'k8s' is itself replaced; "),
        ("[export]\nsame-language = false", "export.same-language = false needs any-language = true, "),
        ("[export]\nrelated = 5", "export.related = 5 is more than related = 4; give no more"),
        ("a b", "is no TOML: Expected '='"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(folder, text, said):
    assert refusal(folder, text).removeprefix("postkin.toml").lstrip(": ").startswith(said)


@pytest.mark.parametrize("key", ["encoder", "model", "model-dir", "cache", "offline", "thumbnails", "as-of", "vectors"])
def test_what_a_pull_request_must_not_choose(folder, key):
    said = f"postkin.toml: {key} is no key of a config, which anybody's pull request may change; give --{key}"
    assert refusal(folder, f"{key} = 'x'") == said


@pytest.mark.parametrize("key", ["posts", "output", "state", "export.root", "export.output", "export.script"])
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/etc", "is no path below"),
        ("~/posts", "is no path below"),
        ("gs://bucket/posts", "is no path below"),
        ("..", "leads out of"),
        ("../blog-of-others", "leads out of"),
        ("../../../../etc", "leads out of"),
        ("posts/../../x", "has '..' behind a name"),
        ("*/../../x", "has '..' behind a name"),
        ("link", "leads out of"),
        ("link/x", "leads out of"),
        ("link/*.md", "leads out of"),
        ("loop", "leads out of"),
        (".git", "is git's own folder"),
        (".git/hooks", "is git's own folder"),
        ("./.git/x", "is git's own folder"),
        (".GIT/x", "is git's own folder"),
        ("link-to-git", "is git's own folder"),
        ("link-to-git/x", "is git's own folder"),
    ],
)
def test_no_path_leads_out_of_the_repository(folder, tmp_path, key, path, why):
    (tmp_path / "blog-of-others").mkdir()
    (folder / "link").symlink_to(tmp_path / "blog-of-others")
    (folder / "loop").symlink_to("loop")
    (folder / "link-to-git").symlink_to(".git")
    table, _, name = key.rpartition(".")
    head = f"[{table}]\n" if table else ""
    assert refusal(folder, f"{head}{name} = '{path}'").startswith(f"postkin.toml: {key} {path!r} {why}")


def test_a_path_is_taken_once(folder):
    assert write(folder, "posts = ['a', './a', 'a/', 'b']").report["--input"] == ["a", "b"]


def test_a_link_within_the_repository_may_be_followed(folder):
    (folder / "content").mkdir()
    (folder / "posts").symlink_to("content")
    assert write(folder, "posts = 'posts'").report["--input"] == ["posts"]


def test_paths_may_go_up_within_the_repository(folder, monkeypatch):
    (folder / "tools").mkdir()
    monkeypatch.chdir(folder / "tools")
    assert write(folder / "tools", "posts = '../content'").report["--input"] == ["../content"]
    assert "leads out of" in refusal(folder / "tools", "posts = '../../content'")


def test_a_link_out_of_the_repository_is_no_config(folder, tmp_path):
    (tmp_path / "secret.toml").write_text("token = 'abc'")
    (folder / "postkin.toml").symlink_to(tmp_path / "secret.toml")
    with pytest.raises(ConfigError, match=r"^postkin\.toml is a link out of '"):
        find_settings()
    with pytest.raises(ConfigError, match="token is unknown"):
        find_settings(str(tmp_path / "secret.toml"))


@pytest.mark.parametrize("made", ["folder", "loop", "pipe", "missing"])
def test_what_is_no_file_is_refused(folder, made):
    place = folder / "postkin.toml"
    if made == "folder":
        place.mkdir()
    elif made == "loop":
        place.symlink_to("postkin.toml")
    elif made == "pipe":
        os.mkfifo(place)
    with pytest.raises(ConfigError, match=r"^postkin\.toml (is no file|cannot be read|is a link)"):
        find_settings(*(["postkin.toml"] if made == "missing" else []))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"#" * (64 * 2**10 + 1), "is larger than 64 KiB"),
        (b"a = " + b"[" * 30_000 + b"]" * 30_000, "within each other too often"),
        (b"a = " + b"{b = " * 10_000, "within each other too often"),
        (b".".join([b"a"] * 30_000) + b" = 1", "more than 100 dots"),
        (b"[" + b".".join([b"a"] * 30_000) + b"]", "more than 100 dots"),
        (b"\n".join(b"[" + b".".join([b"a%d" % row] * 99) + b"]" for row in range(150)), "is unknown"),
        (b"related = " + b"9" * 60_000, "is no TOML"),
        (b"title = '\xff'", "is not in UTF-8"),
        (b"related = 4\nrelated = 5", "is no TOML"),
    ],
)
def test_a_hostile_file_costs_no_time(folder, data, said):
    (folder / "postkin.toml").write_bytes(data)
    start = time.process_time()
    with pytest.raises(ConfigError, match=re.escape(said)):
        find_settings()
    assert time.process_time() - start < 2


@pytest.mark.parametrize("command", ["report", "evaluate", "export"])
def test_a_wrong_one_ends_each_command(folder, command, capsys):
    (folder / "postkin.toml").write_text("postz = 'x'")
    assert main([command]) == 2
    said = f"postkin {command}: postkin.toml: postz is unknown; did you mean posts?\n"
    assert capsys.readouterr() == ("", said)
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "--no-config" in capsys.readouterr().out


def test_an_error_says_which_flag_is_of_the_file(folder, capsys):
    write(folder, "posts = 'nowhere'")
    assert main(["report"]) == 2
    assert re.fullmatch(
        r"postkin report: --input 'nowhere'.* \(--input is of postkin\.toml\)\n", capsys.readouterr().err
    )
    for flags in (["report", "--input", "elsewhere"], ["report", "elsewhere"], ["fix", "elsewhere"]):
        assert main(flags) == 2
        assert "postkin.toml" not in capsys.readouterr().err


def test_two_configs_make_no_sense():
    with pytest.raises(UsageError, match="not allowed with argument"):
        settings_of(["--config", "a", "--no-config"])
