"""What cannot be done is refused in one line with exit code 2, before Beam is imported."""

import json
import subprocess
import sys

import pytest

from jobs.report import command
from tests.jobs.results import BLOG, ROOT, write_posts

ASK = """
import contextlib, io, json, sys
from jobs.cli import main
answers = []
for argv in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(argv)
        except SystemExit as stop:
            code = stop.code
    answers.append([code, out.getvalue(), err.getvalue(), "apache_beam" in sys.modules])
json.dump(answers, sys.stdout)
"""
LONG = "x" * 5_000
REFUSED = {
    "no input": (["report", "--output", "OUT"], "--input"),
    "no flags": (["report"], "no posts are given; give a folder or a glob, as in --input posts"),
    "no output to evaluate": (["evaluate", "--input", "BLOG"], "--output"),
    "posts of both kinds": (
        ["report", "BLOG", "--input", "EMPTY"],
        "and --input are both given; give all posts behind",
    ),
    "posts that are missing": (["report", "gone", "--output", "OUT"], "--input 'gone'"),
    "posts behind flags": (["report", "--output", "OUT", "BLOG"], "posts stand before all flags"),
    "posts to read beside vectors": (["report", "BLOG", "--vectors", "FILE"], "not allowed with argument --input"),
    "no posts to evaluate": (["evaluate", "--output", "OUT"], "no posts are given"),
    "no posts to check": (["check", "--no-config"], "no posts are given"),
    "vectors beside posts": (["RUN", "--vectors", "FILE"], "--vectors: not allowed with argument --input"),
    "vectors to evaluate": (["EVALUATE", "--vectors", "FILE"], "unknown flag --vectors"),
    "vectors that are missing": (["report", "--vectors", "gone", "--output", "OUT"], "'gone' names no .parquet file"),
    "vectors of no kind": (["VECTORS"], "is not a Parquet file"),
    "vectors to encode": (["VECTORS", "--encoder=lsa"], "--encoder is about the files or texts of posts"),
    "vectors with a model": (["VECTORS", "--model", "gone"], "--vectors replaces; leave one out"),
    "vectors to cache": (["VECTORS", "--cache", "gone"], "--cache is about"),
    "parts of vectors": (["VECTORS", "--text", "title"], "--text is about"),
    "pictures of vectors": (["VECTORS", "--thumbnails"], "--thumbnails is about"),
    "drafts of vectors": (["VECTORS", "--include", "drafts"], "--include is about"),
    "tags of vectors": (["VECTORS", "--propose-tags"], "--vectors do not bring; leave one of them out"),
    "a probability of cosines": (
        ["RUN", "--tags=means", "--min-tag-probability=0.5"],
        "--tags means has not; give blend",
    ),
    "names beside vectors": (["VECTORS", "--tags", "names"], "--vectors do not bring; give blend or means"),
    "a missing folder": (["report", "--input", "gone", "--output", "OUT"], "'gone' is not there"),
    "a missing post": (["report", "--input", "BLOG/gone.md", "--output", "OUT"], "gone.md' is not there"),
    "a glob without matches": (["report", "--input", "BLOG/*.text", "--output", "OUT"], "holds no .md"),
    "an empty folder": (["report", "--input", "EMPTY", "--output", "OUT"], "holds no .md"),
    "one input of two empty": (["report", "--input", "BLOG", "EMPTY", "--output", "OUT"], "holds no .md"),
    "not a post": (["report", "--input", "FILE", "--output", "OUT"], "is not a post"),
    "an unknown flag": (["RUN", "--relatd", "5"], "unknown flag --relatd; did you mean --related?"),
    "an unknown flag of Beam": (["RUN", "--direct_num_worker=2"], "did you mean --direct_num_workers?"),
    "a shortened flag": (["RUN", "--cluster", "5"], "unknown flag --cluster; did you mean --themes?"),
    "an unknown generator": (["RUN", "--site-generator", "wordpress"], "'wordpress' is unknown; give one of astro,"),
    "a site that is no address": (["RUN", "--site", "blog.example"], "'blog.example' is no web address; give one"),
    "a site of vectors": (["VECTORS", "--site", "https://blog.example"], "--site is about"),
    "a log that is missing": (["RUN", "--readings", "gone.log"], "--readings 'gone.log' names no file; give a log"),
    "an empty log": (["RUN", "--readings", ""], "--readings is empty; give a log, a folder"),
    "a folder without logs": (["RUN", "--readings", "EMPTY"], "names no file; give a log, a folder"),
    "a log of no format": (["RUN", "--readings", "FILE"], "is no reading log that is known; give one of"),
    "a log of another format": (
        ["RUN", "--readings", "FILE", "--readings-format=umami"],
        "is no reading log of umami; give one of",
    ),
    "an unknown format of logs": (
        ["RUN", "--readings", "FILE", "--readings-format=plausible"],
        "'plausible' is unknown; give auto or one of ga4,",
    ),
    "a column of no kind": (["RUN", "--readings", "FILE", "--readings-field=who=me"], "'who=me' names no column; give"),
    "a column without a name": (["RUN", "--readings", "FILE", "--readings-field=time"], "'time' names no column; give"),
    "two readers": (["RUN", "--readings", "FILE", "--least-readers=2"], "'2' is not a whole number from 3 up"),
    "readers without a log": (["RUN", "--least-readers=5"], "--least-readers is about reading logs; give them with"),
    "columns without a log": (["RUN", "--readings-field=time=t"], "--readings-field is about reading logs"),
    "an export of vectors": (["VECTORS", "--export"], "--export is about"),
    "an export from elsewhere": (
        ["RUN", "--export", "--runner", "FlinkRunner"],
        "--export is for runs on this machine, not --runner FlinkRunner; run postkin export afterwards",
    ),
    "an export of drafts": (["RUN", "--export", "--include", "pages,drafts"], "(--include drafts); run postkin report"),
    "no themes": (["RUN", "--themes", "0"], "'0' is neither a whole number from 1 up nor auto"),
    "fewer themes": (["RUN", "--themes", "-1"], "'-1' is neither a whole number from 1 up nor auto"),
    "themes in words": (["RUN", "--themes", "x"], "'x' is neither a whole number from 1 up nor auto"),
    "no related": (["RUN", "--related", "0"], "'0' is not a whole number from 1 up"),
    "half a tag": (["RUN", "--tag-count", "0.5"], "'0.5' is not a whole number from 1 up"),
    "a number of tags": (["RUN", "--tags", "5"], "'5' is no way to recommend tags; give blend, means or names"),
    "an unknown part": (
        ["RUN", "--related-by", "text,magic"],
        "'magic' is unknown; give any of text,learned",
    ),
    "related by nothing": (
        ["RUN", "--related-by", ","],
        "names nothing; give any of text,learned",
    ),
    "a probability above 1": (["RUN", "--min-confidence", "30"], "'30' is not a number from 0 to 1"),
    "a probability in words": (["RUN", "--min-confidence", "high"], "'high' is not a number from 0 to 1"),
    "no time": (["RUN", "--timeout", "0"], "'0' is not a number of minutes above 0"),
    "output below a file": (["report", "--input", "BLOG", "--output", "FILE/out"], "is not a folder"),
    "a split in words": (["RUN", "--split-date", "last year"], "'last year' is not a date; give it as YYYY-MM-DD"),
    "an unknown map": (["RUN", "--map", "tsne,globe"], "--map 'globe' is unknown; give any of tsne,pca,umap,none"),
    "a map and none": (["RUN", "--map", "pca,none"], "asks for maps and for none"),
    "a map of nothing": (["RUN", "--map", ","], "--map names nothing"),
    "an unknown tree": (["RUN", "--tree", "oak"], "--tree 'oak' is unknown; give any of articles"),
    "unknown thumbnails": (["RUN", "--thumbnails", "large"], "'large' is unknown; give any of embed,link"),
    "thumbnails without a map": (["RUN", "--map", "none", "--thumbnails"], "leave one out"),
    "an empty folder of pictures": (["RUN", "--thumbnails", "--pictures", ""], "--pictures is empty"),
    "page views that are missing": (["RUN", "--popularity", "gone.csv"], "--popularity 'gone.csv'"),
    "page views of nothing": (["RUN", "--popularity", "FILE"], "--popularity"),
    "an unknown language": (["RUN", "--lang", "fr"], "--lang 'fr' is unknown; give any of auto, en, ja"),
    "an unknown color scheme": (
        ["RUN", "--color-scheme", "sepia"],
        "--color-scheme 'sepia' is unknown; give any of auto, light, dark",
    ),
    "a language to render": (["render", "EMPTY", "--lang", "xx"], "--lang 'xx' is unknown"),
    "a contrast of nothing": (["RUN", "--encoder", "lsa+contrastive", "--text", "title"], "nothing to learn from"),
    "an encoder twice": (["EVALUATE", "--encoder", "lsa", "--encoder", "lsa"], "'lsa' is given twice"),
    "a model to evaluate": (["EVALUATE", "--model", "gone"], "--model is for postkin report"),
    "a cache for what is fitted": (["EVALUATE", "--cache", "x"], "--cache is for SavedModels"),
    "an evaluation of nothing": (["evaluate", "--input", "EMPTY", "--output", "OUT"], "holds no .md"),
    "a date in words": (["RUN", "--as-of", "yesterday"], "'yesterday' is not a date; give it as YYYY-MM-DD"),
    "a day that is not": (["RUN", "--as-of", "2026-02-30"], "'2026-02-30' is not a date"),
    "a date in another form": (["RUN", "--as-of", "20260101"], "'20260101' is not a date; give it as YYYY-MM-DD"),
    "an unknown kind": (["RUN", "--include", "drafts,ghosts"], "'ghosts' is unknown; give any of drafts"),
    "an unknown field": (["RUN", "--field", "colour=red"], "'colour' is not a field: give one of title"),
    "a field without names": (["RUN", "--field", "tags="], "give for instance tags=topics,tag"),
    "tag vectors": (["RUN", "--tag-vectors", "sums"], "'sums'"),
    "an unknown encoder": (["RUN", "--encoder", "word2vec"], "'word2vec'"),
    "a model that is a file": (["RUN", "--model", "FILE"], "holds no model"),
    "a model that is missing": (["RUN", "--model", "gone"], "'gone' holds no model"),
    "output that is a file": (["report", "--input", "BLOG", "--output", "FILE"], "is a file; give a folder"),
    "no output folder": (["report", "--input", "BLOG", "--output", ""], "--output"),
    "a runner that loses data": (["RUN", "--runner", "DaskRunner"], "DaskRunner is not supported: it loses data"),
    "the same with =": (["RUN", "--runner=DaskRunner"], "DaskRunner is not supported"),
    "a stray argument": (["RUN", "--quiet", "stray"], "unexpected argument 'stray'"),
    "output with too long a name": (
        ["report", "--input", "BLOG", "--output", LONG],
        "cannot be reached: File name too",
    ),
    "pictures with too long a name": (["RUN", "--thumbnails", "--pictures", LONG], "cannot be reached: File name too"),
    "a model with too long a name": (["RUN", "--model", LONG], "holds no model"),
    "an encoder with too long a name": (["RUN", "--encoder", LONG], "is unknown"),
    "vectors with too long a name": (["report", "--vectors", LONG, "--output", "OUT"], "File name too long"),
    "an unknown command": (["publish"], "unknown command 'publish'; give one of: init, report"),
    "a misspelt command": (["repot"], "unknown command 'repot'; did you mean report?"),
    "help on a misspelt command": (["help", "Chekc"], "unknown command 'Chekc'; did you mean check?"),
    "a command that commands a terminal": (["\x1b[31m"], r"unknown command '\x1b[31m'; give one of"),
    "posts without a command": (["BLOG"], "is no command; did you mean: postkin report "),
    "a flag before its command": (["--input", "BLOG"], "give the command first, as in: postkin report --input"),
    "a misspelt flag that is needed": (["report", "--inptu", "BLOG"], "unknown flag --inptu; did you mean --input?"),
    "an older name, misspelt": (["RUN", "--tag-vector", "names"], "unknown flag --tag-vector; did you mean --tags?"),
    "a misspelt flag of a check": (["check", "--formt", "json"], "unknown flag --formt; did you mean --format?"),
    "a misspelt flag of a fix": (["fix", "BLOG", "--mrege", "a=b"], "unknown flag --mrege; did you mean --merge?"),
    "a misspelt call for help": (["compare", "--hlep"], "unknown flag --hlep; did you mean --help?"),
    "a command of a long name": (["x" * 5_000], "give one of: init, report"),
    "a flag that help does not show": (["doctor", "--cahce", "x"], "unknown flag --cahce; see postkin doctor --help"),
}
ANSWERED = {
    "help": (["--help"], "report"),
    "help in short": (["-h"], "usage: postkin COMMAND"),
    "help in a word": (["help"], "postkin help COMMAND"),
    "help on a command": (["help", "report"], "--tag-vectors"),
    "help on what takes words": (["help", "compare"], "usage: postkin compare"),
    "version": (["--version"], "postkin 0."),
    "version in a word": (["version"], "postkin 0."),
    "a command's help": (["report", "--help"], "--tag-vectors"),
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Ask one process everything, and return what it answered by name and the output folder."""
    folder = write_posts(tmp_path_factory.mktemp("refusals"), {"notes.txt": "Words."})
    (folder / "empty").mkdir()
    places = {"BLOG": BLOG, "OUT": folder / "out", "EMPTY": folder / "empty", "FILE": folder / "notes.txt"}

    def spell(argument):
        first, slash, rest = argument.partition("/")
        return f"{places.get(first, first)}{slash}{rest}"

    posts = ["--input", "BLOG", "--output", "OUT"]
    vectors = ["--vectors", "FILE", "--output", "OUT"]
    runs = {"RUN": ["report", *posts], "EVALUATE": ["evaluate", *posts], "VECTORS": ["report", *vectors]}
    questions = [
        [spell(part) for argument in argv for part in runs.get(argument, [argument])]
        for argv, _ in (*REFUSED.values(), *ANSWERED.values())
    ]
    asked = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, input=json.dumps(questions), capture_output=True, text=True, check=True
    )
    return dict(zip([*REFUSED, *ANSWERED], json.loads(asked.stdout), strict=True)), folder


@pytest.mark.parametrize("case", REFUSED)
def test_refused(ask, case):
    code, out, err, beam = ask[0][case]
    assert (code, out) == (2, "")
    assert REFUSED[case][1] in err
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert not beam, "Beam was imported before"


@pytest.mark.parametrize("case", ANSWERED)
def test_answered(ask, case):
    code, out, err, beam = ask[0][case]
    assert (code, err) == (0, "")
    assert ANSWERED[case][1] in out
    assert not beam, "Beam was imported before"


def test_nothing_is_written(ask):
    assert sorted(path.name for path in ask[1].iterdir()) == ["empty", "notes.txt"]


def test_a_command_is_asked_for():
    asked = subprocess.run([sys.executable, "-c", "from jobs.cli import main; exit(main())"], cwd=ROOT, check=False)
    assert asked.returncode == 2


def test_a_module_is_a_command():
    asked = subprocess.run(
        [sys.executable, "-m", "jobs", "report", "--input", "gone", "--output", "out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.startswith("postkin report: --input 'gone'")


@pytest.mark.parametrize(
    "given", ["--direct_num_workers two", "--runner FlinkRunner --flink_master here:8081 --parallelism two"]
)
def test_a_value_that_beam_does_not_take_is_refused(given, tmp_path, capfd):
    flags = ["--input", str(BLOG), "--output", str(tmp_path / "out"), *given.split()]
    assert command.main(flags) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err == f"postkin report: Beam does not take {given}; see its pipeline options\n"
    assert list(tmp_path.iterdir()) == []
