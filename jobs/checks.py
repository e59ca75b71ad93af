"""The checks of an installation: versions that fit together, an encoder that loads and gives unit vectors."""

from __future__ import annotations

import ast
import importlib.metadata
import platform
import sys
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobs.options.encoder import EncoderFlags, SettledEncoder
from transforms.encoders.base import Encoder
from transforms.encoders.use import ABOUT, PACKAGED

PYTHON = "python>=3.11,<3.14"

EXTRAS = {"USE": "use", "TENSORFLOW": "tensorflow"}
"""The extras that encoders need, by the names of their requirements in setup.py."""

SETUP = Path(__file__).parents[1] / "setup.py"

ENGLISH = "The night train to the coast was late because of heavy snow."

JAPANESE = "大雪のため、海岸へ行く夜行列車が遅れました。"

RELATED = "Heavy snow on the coast made our train late."

UNRELATED = "Stir the onions slowly until the curry is brown."

SENTENCES = (
    ENGLISH,
    JAPANESE,
    RELATED,
    UNRELATED,
    "A curry with brown onions tastes better on the second day.",
    "玉ねぎを茶色になるまで炒めると、カレーがおいしくなります。",
    "夜行列車は大雪の日によく遅れます。",
    "The train along the coast has a window seat.",
)
"""What lsa is fitted on here."""

UNIT = 1e-3
"""How far a unit vector's length may be from 1."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, whether it is well, and what was found."""

    ok: bool
    found: str

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'FAILED':<6}  {self.found}"


def requirements() -> list[str]:
    """List what postkin requires, by its metadata, or by the setup.py of a checkout that is not installed.

    Raises FileNotFoundError when there is neither.
    """
    try:
        return importlib.metadata.requires("postkin") or []
    except importlib.metadata.PackageNotFoundError:
        return setup_requirements(SETUP.read_text(encoding="utf-8"))


def setup_requirements(source: str) -> list[str]:
    """Read the requirements, and those of what encoders need, from the source of setup.py without running it."""
    required: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "install_requires":
            required += ast.literal_eval(node.value)
        if isinstance(node, ast.Assign) and (extra := EXTRAS.get(ast.unparse(node.targets[0]))):
            required += [f'{requirement}; extra == "{extra}"' for requirement in ast.literal_eval(node.value)]
    return required


def check_packages(extras: Collection[str] = ()) -> Iterator[Check]:
    """Check Python, and the installed versions of what postkin and some of its extras require."""
    try:
        from packaging.requirements import Requirement

        required = [Requirement(line) for line in (PYTHON, *requirements())]
    except (ImportError, FileNotFoundError) as error:
        yield Check(False, f"what postkin requires is not known ({error}): pip install postkin")
        return
    for requirement in required:
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield check_package(requirement.name, str(requirement.specifier))


def check_package(name: str, versions: str) -> Check:
    """Check that a package is installed in one of the versions, which are given as pip takes them."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    fix = f"pip install '{name}{versions}'"
    try:
        found = platform.python_version() if name == "python" else importlib.metadata.version(name)
        fits = SpecifierSet(versions).contains(Version(found), prereleases=True)
    except importlib.metadata.PackageNotFoundError:
        return Check(False, f"{name} is not installed: {fix}")
    except (InvalidVersion, TypeError, KeyError):  # a package that was installed by half has no version
        return Check(False, f"{name} is installed, but not whole: {fix}")
    if fits:
        return Check(True, f"{name} {found}")
    needed = f"{name} {found} is installed, {versions} is needed"
    return Check(False, needed if name == "python" else f"{needed}: {fix}")


def check_encoder(flags: EncoderFlags) -> Iterator[Check]:
    """Check that the encoder is found, loads and gives unit vectors, up to the first of these that fails."""
    from jobs.options.encoder import download_notice, settle

    try:
        if notice := download_notice(flags):
            sys.stderr.write(f"postkin doctor: {notice}\n")
        settled = settle(flags)
        yield Check(True, f"encoder {flags.encoder}: {_place(settled)}")
        encoder = _make(settled)
        yield Check(True, f"digest {encoder.info.digest} ({encoder.info.id})")
        yield from check_vectors(encoder, may_be_zero=flags.model is not None)
    except Exception as error:  # noqa: BLE001  whatever goes wrong is what was asked for
        yield Check(False, f"encoder {flags.encoder}: {_first_line(error)}")


def check_vectors(encoder: Encoder, *, may_be_zero: bool = False) -> Iterator[Check]:
    """Check what an encoder makes of sentences; raises what it raises.

    Zero vectors are a fault unless they `may_be_zero`, as those of a model that was fitted on other words. Which
    sentences are near is only said: no one answer is right.
    """
    import numpy as np

    start = time.monotonic()
    encoder.encode([ENGLISH, JAPANESE])
    seconds = time.monotonic() - start
    yield Check(True, f"loads, and encodes a sentence in English and one in Japanese, in {seconds:.1f} s")
    vectors = np.asarray(encoder.encode([ENGLISH, RELATED, JAPANESE, UNRELATED]), np.float64)
    lengths = np.linalg.norm(vectors, axis=1)
    zeros = int(np.count_nonzero(lengths == 0))
    unit = np.abs(lengths - 1) < UNIT
    if not np.all(unit | (lengths == 0) if may_be_zero else unit):
        shown = ", ".join(f"{length:.3f}" for length in lengths)
        yield Check(False, f"vectors of {vectors.shape[1]} dimensions are not of unit length, but of {shown}")
        return
    unknown = f" ({zeros} of {len(vectors)} sentences have no word that the model knows)" if zeros else ""
    yield Check(True, f"unit vectors of {vectors.shape[1]} dimensions{unknown}")
    related, translated, unrelated = (round(float(cosine), 2) for cosine in vectors[1:] @ vectors[0])
    nearer = "nearer" if related > unrelated else "not nearer"
    yield Check(
        True,
        f"a related sentence (cosine {related:z.2f}) is {nearer} than an unrelated one ({unrelated:z.2f}); a Japanese"
        f" translation: {translated:z.2f}",
    )


def _place(settled: SettledEncoder) -> str:
    spec, folder = settled
    if spec.joins:
        return "; ".join(f"{part[0].name}: {_place(part)}" for part in spec.joins)
    if folder is None:
        return f"nothing to find, fitted here on {len(SENTENCES)} sentences"
    if folder == PACKAGED:
        return ABOUT
    return f"found in {folder}" + (f", its preprocessor in {spec.preprocessor}" if spec.preprocessor else "")


def _make(settled: SettledEncoder) -> Encoder:
    from transforms.encoders.lsa import fit_lsa
    from transforms.encoders.registry import make_encoder

    spec, folder = settled
    return make_encoder(spec, folder or "", fit_lsa(SENTENCES) if folder is None else None)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:500]
