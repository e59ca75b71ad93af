"""SavedModels with the interfaces of the real ones, made on the spot: seeded, small, without any download.

TensorFlow is imported when the first one is made.
"""

import functools
import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np

from transforms.encoders.use import read_weights
from transforms.numerics.arrays import unit_rows
from transforms.records import EncoderInfo

BLOG = Path(__file__).parent / "data" / "blog"
PIECES, WIDTH = 800, 64
USE_DIM, LABSE_DIM, LABSE_TOKENS = 512, 768, 128


class Models:
    """Makes the models that are asked for, once, each in a folder of its name."""

    def __init__(self, root):
        self.root = Path(root)

    def __call__(self, name):
        """Return the folder (or the archive) of a model, by the name of the function that makes it."""
        return self._made(name)

    @functools.cache  # noqa: B019  one instance a session
    def _made(self, name):
        folder = self.root / name
        return str(MAKERS[name](folder, self) or folder)


class CountingEncoder:
    """An encoder without a model: vectors are drawn from a hash of the text, and the texts it is asked for are kept."""

    def __init__(self, dim=8, digest="0" * 64, name="fake"):
        self.max_characters = 1_000
        self.asked = []
        self.dim = dim
        self.info = EncoderInfo(name, "1", digest, 0, 0)

    def encode(self, texts):
        self.asked += texts
        self.info = EncoderInfo(self.info.name, "1", self.info.digest, self.dim, self.dim)
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
        return unit_rows(np.stack([np.random.default_rng(seed).normal(size=self.dim) for seed in seeds]))


def import_tensorflow():
    import tensorflow
    import tensorflow_text

    return tensorflow, tensorflow_text


@functools.cache
def sentence_pieces():
    """Train a SentencePiece model on the fixture blog; returns its bytes."""
    import sentencepiece

    lines = (
        line
        for path in sorted(BLOG.rglob("*.md"))
        for line in path.read_text(encoding="utf-8", errors="ignore").splitlines()
    )
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines,
        model_writer=model,
        vocab_size=PIECES,
        hard_vocab_limit=False,
        character_coverage=0.99,
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def save_text_model(folder, to_output=lambda vectors, _: vectors, *, signature=None, seed=2):
    """Save a model whose `__call__`, or whose signature of a name, maps texts to vectors [n, USE_DIM].

    `to_output` makes the output of them and of the averaged embeddings. The dense layer has a bias, so that a text
    without a piece gives no zeros of itself.
    """
    tf, text = import_tensorflow()
    module = tf.Module()
    module.tokenizer = text.SentencepieceTokenizer(sentence_pieces())
    module.table = tf.Variable(draw(int(module.tokenizer.vocab_size()), WIDTH, seed=1))
    module.weights = tf.Variable(draw(WIDTH, USE_DIM, seed=seed) / 8)
    module.bias = tf.Variable(draw(1, USE_DIM, seed=seed + 1) / 8)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="inputs")])
    def call(texts):
        pieces = module.tokenizer.tokenize(texts)
        total = tf.reduce_sum(tf.gather(module.table, pieces), axis=1)
        bags = tf.math.divide_no_nan(total, tf.sqrt(tf.cast(pieces.row_lengths(), tf.float32))[:, None])
        vectors = tf.math.l2_normalize(tf.tanh(tf.matmul(bags, module.weights) + module.bias), axis=1)
        return to_output(vectors, bags)

    if signature is None:
        module.__call__ = call
        tf.saved_model.save(module, str(folder))
    else:
        module.call = call
        tf.saved_model.save(module, str(folder), signatures={signature: call})


def draw(*shape, seed):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def use(folder, models):
    """As the Universal Sentence Encoder: pieces, their averaged embeddings, a dense layer, unit vectors."""
    save_text_model(folder)


def real_use(folder, models):
    """The Universal Sentence Encoder itself: its network in TensorFlow's operations, on the weights that Postkin knows.

    An embedding a piece; per order of n-grams two products of windows with what they add; a sum over the pieces; four
    dense layers.
    """
    tf, text = import_tensorflow()
    files = read_weights()
    with np.load(io.BytesIO(files["weights.npz"])) as arrays:
        weights = dict(arrays)
    module = tf.Module()
    module.tokenizer = text.SentencepieceTokenizer(files["sp.model"], out_type=tf.int32, add_bos=True, add_eos=True)
    chunks = len(weights["scale"])
    table = np.stack([weights.pop(f"q{chunk + 1}") for chunk in range(chunks)], axis=1)
    module.table = tf.Variable(table.reshape(-1, table.shape[2]))
    module.weights = {name: tf.Variable(array.astype(np.float32)) for name, array in weights.items()}
    orders = {2: 0, 3: 1, 5: 2}  # the n-grams, and how many of their pieces stand on the left

    def join(name):
        return tf.concat([module.weights[f"{name}{order}"] for order in orders], axis=-1)

    def normed(rows, gain, bias):
        mean, variance = tf.nn.moments(rows, axes=[-1], keepdims=True)
        return (rows - mean) / tf.sqrt(variance + module.weights["eps"]) * gain + bias

    def add_windows(rows, mask, layer, order):
        left = orders[order]
        padded = tf.pad(rows * mask, [[0, 0], [left, order - 1 - left], [0, 0]])
        windows = tf.concat([padded[:, start : start + tf.shape(rows)[1]] for start in range(order)], axis=-1)
        weight, bias = (module.weights[f"{kind}{layer}_{order}"] for kind in "wb")
        return rows + tf.nn.relu(tf.tensordot(windows, weight, 1) + bias)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="inputs")])
    def call(texts):
        weight = module.weights
        pieces = module.tokenizer.tokenize(texts)
        lengths = tf.cast(pieces.row_lengths(), tf.float32)[:, None]
        mask = tf.sequence_mask(pieces.row_lengths(), dtype=tf.float32)[:, :, None]
        ids = pieces.to_tensor()
        scale, least = (tf.gather(weight[name], ids % chunks)[:, :, None] for name in ("scale", "lo"))
        embedded = tf.cast(tf.gather(module.table, ids), tf.float32) * scale + least
        projected = tf.tensordot(embedded, join("proj"), 1) + join("proj_b")
        branches = tf.split(normed(projected, join("ln_g"), join("ln_b")), len(orders), axis=-1)
        for layer in (1, 2):
            branches = [add_windows(rows, mask, layer, order) for rows, order in zip(branches, orders, strict=True)]
        features = normed(tf.concat([embedded, *branches], axis=-1), weight["ln_g"], weight["ln_b"])
        summed = tf.reduce_sum(features * mask, axis=1) @ weight["cnn_W"] + lengths * weight["cnn_b"]
        bag = summed / tf.sqrt(lengths)
        hidden = tf.nn.relu(bag @ weight["p1"] + tf.nn.relu(bag @ weight["d0"]) @ weight["d1"])
        last = tf.tanh(hidden @ weight["p3"] + tf.nn.relu(hidden @ weight["d2"]) @ weight["d3"])
        return tf.math.l2_normalize(last, axis=1)

    module.__call__ = call
    tf.saved_model.save(module, str(folder))


def other(folder, models):
    """As `use`, with other weights."""
    save_text_model(folder, seed=7)


def v1(folder, models):
    """As a model of TensorFlow 1: one signature, `default`, and no `__call__`."""
    save_text_model(folder, lambda vectors, _: {"default": vectors}, signature="default")


def two_outputs(folder, models):
    save_text_model(folder, lambda vectors, _: {"left": vectors, "right": -vectors})


def one_column(folder, models):
    save_text_model(folder, lambda vectors, _: vectors[:, 0])


def not_finite(folder, models):
    save_text_model(folder, lambda vectors, _: vectors * float("nan"))


def empty_not_finite(folder, models):
    """Divides by the length of the embedding, which is 0 for a text without a piece."""
    save_text_model(folder, lambda vectors, bags: vectors / import_tensorflow()[0].norm(bags, axis=1, keepdims=True))


def floats(folder, models):
    """Takes numbers, not texts."""
    tf, _ = import_tensorflow()
    module = tf.Module()
    module.__call__ = tf.function(lambda x: x * 2, input_signature=[tf.TensorSpec([None], tf.float32)])
    tf.saved_model.save(module, str(folder))


def two_inputs(folder, models):
    """Has one signature, which takes two tensors."""
    tf, _ = import_tensorflow()
    module = tf.Module()
    spec = tf.TensorSpec([None], tf.string)
    module.call = tf.function(lambda a, b: {"out": tf.strings.length(a + b)}, input_signature=[spec, spec])
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.call})


def neither(folder, models):
    """Can neither be called nor has it a signature."""
    tf, _ = import_tensorflow()
    tf.saved_model.save(tf.Module(), str(folder))


def corrupt(folder, models):
    copy_tree(models("use"), folder)
    Path(folder, "saved_model.pb").write_bytes(b"\x0a\xff\xff not a model")


def incomplete(folder, models):
    """Lacks its variables."""
    copy_tree(models("use"), folder)
    for path in Path(folder, "variables").iterdir():
        path.unlink()


def labse(folder, models):
    """As LaBSE: `preprocessor` makes a dict of token ids of texts, of which `encoder` makes a dict of outputs."""
    tf, text = import_tensorflow()
    prepare = tf.Module()
    prepare.tokenizer = text.SentencepieceTokenizer(sentence_pieces())

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def tokenize(texts):
        ids = prepare.tokenizer.tokenize(texts)[:, :LABSE_TOKENS]
        padded = ids.to_tensor(shape=[None, LABSE_TOKENS])
        mask = tf.sequence_mask(ids.row_lengths(), LABSE_TOKENS, tf.int32)
        return {"input_word_ids": padded, "input_mask": mask, "input_type_ids": tf.zeros_like(padded)}

    prepare.__call__ = tokenize
    tf.saved_model.save(prepare, str(Path(folder, "preprocessor")))

    encode = tf.Module()
    encode.table = tf.Variable(draw(int(prepare.tokenizer.vocab_size()), LABSE_DIM, seed=5))
    spec = {
        name: tf.TensorSpec([None, LABSE_TOKENS], tf.int32, name=name)
        for name in ("input_word_ids", "input_mask", "input_type_ids")
    }

    @tf.function(input_signature=[spec])
    def call(inputs):
        mask = tf.cast(inputs["input_mask"], tf.float32)[:, :, None]
        sequence = tf.gather(encode.table, inputs["input_word_ids"]) * mask
        pooled = tf.tanh(tf.reduce_mean(sequence, axis=1) + 0.1)
        return {
            "default": tf.math.l2_normalize(pooled, axis=1),
            "pooled_output": pooled,
            "sequence_output": sequence,
        }

    encode.__call__ = call
    tf.saved_model.save(encode, str(Path(folder, "encoder")))


def archive(folder, models):
    """`use` as TensorFlow Hub serves it."""
    return make_archive(f"{folder}.tar.gz", Path(models("use")))


def make_archive(path, folder):
    """Write a .tar.gz with the files of a folder at its root."""
    with tarfile.open(path, "w:gz") as tar:
        for file in sorted(Path(folder).rglob("*")):
            tar.add(file, f"./{file.relative_to(folder).as_posix()}", recursive=False)
    return path


def evil_archive(path, kind, target):
    """Write a .tar.gz that holds a saved_model.pb, and tries to write `target` outside of its folder."""
    with tarfile.open(path, "w:gz") as tar:
        add_file(tar, "saved_model.pb")
        if kind == "parent":
            add_file(tar, "../" * 12 + str(target).lstrip("/"))
        elif kind == "absolute":
            add_file(tar, str(target))
        elif kind in ("symlink", "hardlink"):
            link = tarfile.TarInfo("variables")
            link.type = tarfile.SYMTYPE if kind == "symlink" else tarfile.LNKTYPE
            link.linkname = str(Path(target).parent)
            tar.addfile(link)
            add_file(tar, f"variables/{Path(target).name}")
        else:
            device = tarfile.TarInfo("device")
            device.type = tarfile.CHRTYPE
            tar.addfile(device)
    return path


def add_file(tar, name, content=b"evil"):
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def copy_tree(source, target):
    for path in Path(source).rglob("*"):
        if path.is_file():
            copy = Path(target, path.relative_to(source))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


MAKERS = {
    make.__name__: make
    for make in (
        use,
        real_use,
        other,
        v1,
        two_outputs,
        one_column,
        not_finite,
        empty_not_finite,
        floats,
        two_inputs,
        neither,
        corrupt,
        incomplete,
        labse,
        archive,
    )
}
