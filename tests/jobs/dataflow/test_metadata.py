"""The template's parameters: all of the job's flags, with patterns that take what the job takes."""

import json
import re

import pytest

from jobs.dataflow.arguments import from_template
from jobs.dataflow.metadata import BEAM, LOCAL, METADATA, metadata_text, parameter_name
from jobs.options.beam import beam_flags
from jobs.options.errors import UsageError
from jobs.report import config
from jobs.report.reach import check_reach

PARAMETERS = {
    parameter["name"]: parameter for parameter in json.loads(METADATA.read_text(encoding="utf-8"))["parameters"]
}
FLAGS = {parameter_name(action) for action in config.make_parser().flags} - {*LOCAL}
NEEDED = {"input": "gs://bucket/posts/**", "output": "gs://bucket/out"}
"""What a launch gives, though a template may have vectors in place of the input."""
LOGS = {"readings": "gs://bucket/logs"}
BESIDE = {
    "cache": {"model": "gs://bucket/model"},
    "pictures": {"thumbnails": "embed"},
    "refit_themes": {"previous": "gs://bucket/earlier"},
    "readings_format": LOGS,
    "readings_field": LOGS,
    "least_readers": LOGS,
    "reader_themes": LOGS,
}
"""What a parameter makes sense with."""
SWITCH = (["true", "false", "True"], ["yes", "1", "truee"])
COUNT = (["1", "4", "120", "007"], ["0", "-1", "1.5", "four", "1e3"])
DAY = (["2024-05-06", "2024-02-29", "2024-12-31"], ["2024-13-01", "2024-04-31", "24-05-06", "20240506", "yesterday"])
FOLDER = (
    ["gs://bucket/a/model", "gs://my-bucket_1/x y", "gs://bucket.example.com"],
    ["model", "/tmp/model", "./model"],
)
EXAMPLES = {
    "input": (
        ["gs://bucket", "gs://bucket/posts/**/*.md", "gs://bucket/a, gs://bucket/b"],
        ["posts", "/posts", "posts/**/*.md", "gs://bucket/a,posts"],
    ),
    "vectors": (
        ["gs://bucket/data/vectors.parquet", "gs://bucket/vectors-*.parquet, gs://bucket/more"],
        ["vectors.parquet", "/vectors", "gs://bucket/a,vectors"],
    ),
    "readings": (
        ["gs://bucket/logs/access.log.gz", "gs://bucket/ga4-*.json, gs://bucket/more"],
        ["access.log", "/logs", "gs://bucket/a,logs"],
    ),
    "readings_format": (["auto", "ga4", "combined", "table"], ["plausible", "GA4", "ga4,umami"]),
    "readings_field": (
        ["reader=who", "reader=who, visitor no;time=when", " path = page "],
        ["who=reader", "reader", "reader=", "reader=,", "reader=who;who=reader"],
    ),
    "reader_themes": (["1", "8", "007"], ["0", "-3", "3.0", "three"]),
    "least_readers": (["3", "10", "007"], ["2", "0", "-3", "3.0", "three"]),
    "include": (["drafts", "drafts,hidden", " drafts , future,"], ["ghosts", "drafts,ghosts", "drafts hidden"]),
    "as_of": DAY,
    "field": (
        ["tags=topics,tag", "tags=a b;title=name"],
        ["tags", "tags=", "tags=a,", "colour=red", "tags=a;colour=b"],
    ),
    "output": FOLDER,
    "related": COUNT,
    "related_by": (["text", "text,learned,tags", "tags, text"], ["magic", "text,magic", ","]),
    "prefer_recent": SWITCH,
    "any_language": SWITCH,
    "tags": (["blend", "means", "names"], ["5", "sums", "blend,means"]),
    "tag_count": COUNT,
    "min_confidence": (["0", "1", "0.25", ".5", "1.0"], ["-0.1", "1.5", "30", "high", ".", "0.5x"]),
    "min_tag_probability": (["0", "1", "0.25", ".5", "1.0"], ["-0.1", "1.5", "30", "high", ".", "0.5x"]),
    "themes": (["auto", "8"], ["0", "-1", "x", "automatic"]),
    "split_date": DAY,
    "previous": FOLDER,
    "refit_themes": SWITCH,
    "include_duplicates": SWITCH,
    "search": (["auto", "exact", "ivf"], ["hnsw", "exact,ivf"]),
    "target_recall": (["0.5", ".98", "0.999"], ["0", "1", "-0.1", "1.5", "98", "high"]),
    "timeout": (["1", "90", "0.5"], ["0", "-5", "soon"]),
    "quiet": SWITCH,
    "verbose": SWITCH,
    "propose_tags": SWITCH,
    "encoder": (
        ["lsa", "lsa+contrastive", "use", "lsa+use", "gs://bucket/models/own"],
        ["word2vec", "lsa+", "Lsa", "use+lsa"],
    ),
    "model": FOLDER,
    "model_dir": (["gs://bucket/models/use", "gs://bucket/use.tar.gz"], FOLDER[1]),
    "output_key": (["default", "sentence embedding"], []),
    "offline": SWITCH,
    "text": (["title", "title,lede,headings,body"], ["body,magic", ",", "words"]),
    "cache": FOLDER,
    "map": (["tsne", "tsne,pca", "none"], ["globe", "tsne,globe", "pca,none", ","]),
    "tree": (["articles"], ["oak", "articles,oak"]),
    "thumbnails": (["embed", "link"], ["large", "embed,link"]),
    "pictures": FOLDER,
    "popularity": (["gs://bucket/views.csv", "gs://bucket/a b.json"], []),
    "site_generator": (["hugo", "zenn", "none"], ["wordpress", "Hugo", "hugo,zola"]),
    "site": (
        ["https://blog.example", "http://blog.example:8080/notes/"],
        ["blog.example", "ftp://a.example", "https://"],
    ),
    "title": (["Our blog", "ブログ", "a=b, c"], []),
    "edit_url": (["https://a.example/{path}", "http://a.example/x/{path}?y"], ["https://a.example/", "/{path}"]),
    "lang": (["auto", "en", "ja"], ["fr", "EN", "en,ja"]),
    "color_scheme": (["auto", "light", "dark"], ["sepia"]),
}
"""Values that are taken, and that are refused, of each parameter."""
GIVEN_WITH = {"model_dir": {"encoder": "use"}, "output_key": {"encoder": "use", "model_dir": "gs://bucket/use"}}
TAKEN = [(name, value) for name, (taken, _) in EXAMPLES.items() for value in taken]
REFUSED = [(name, value) for name, (_, refused) in EXAMPLES.items() for value in refused]


def matches(name, value):
    return all(re.search(pattern, value) for pattern in PARAMETERS[name]["regexes"])


def launch(name, value):
    """Parse what a template's launcher passes for one parameter; raises UsageError as the job does."""
    needed = {"output": NEEDED["output"]} if name == "vectors" else NEEDED
    given = {**needed, **BESIDE.get(name, {}), **GIVEN_WITH.get(name, {}), name: value}
    service = ["--runner=DataflowRunner", "--temp_location=gs://bucket/tmp"]
    argv = from_template([f"--{name}={value}" for name, value in given.items()] + service, config.make_parser())
    parsed = config.parse_config(argv)
    check_reach(parsed)
    return parsed


def test_the_metadata_is_up_to_date():
    assert METADATA.read_text(encoding="utf-8") == metadata_text(), "run: python -m jobs.dataflow.metadata"


def test_each_flag_is_a_parameter():
    beam = {parameter["name"] for parameter in BEAM}
    assert PARAMETERS.keys() == FLAGS | beam
    assert {f"--{name}" for name in beam} <= beam_flags()
    assert {f"--{name}" for name in FLAGS} & beam_flags() == set()


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_parameter_is_described(name):
    parameter = PARAMETERS[name]
    assert set(parameter) == {"name", "label", "helpText", "isOptional", "regexes", "paramType"}
    assert re.fullmatch("[a-z][a-z_]*", name)
    same = [name for name, other in PARAMETERS.items() if other["helpText"] == parameter["helpText"]]
    assert same == [parameter["name"]], "one help for several"
    assert "%" not in parameter["helpText"]
    assert parameter["isOptional"] == (name != "output")


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_pattern_is_of_a_kind_that_all_engines_know(name):
    for pattern in PARAMETERS[name]["regexes"]:
        re.compile(pattern)
        assert (pattern[0], pattern[-1]) == ("^", "$")
        assert not re.search(r"\(\?|\\[0-9dswb]", pattern)


def test_each_flag_has_examples():
    assert EXAMPLES.keys() == FLAGS


@pytest.mark.parametrize(("name", "value"), TAKEN)
def test_what_the_job_takes_matches(name, value):
    launch(name, value)
    assert matches(name, value)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_the_job_refuses_does_not_match(name, value):
    with pytest.raises(UsageError):
        launch(name, value)
    assert not matches(name, value)


def test_encoders_of_the_hub_need_a_copy():
    with pytest.raises(UsageError, match="give a copy in a bucket with --model-dir"):
        launch("encoder", "use-large")
    assert matches("encoder", "use-large")
