"""
A fourth opinion, where config.yml asks for it: how alike texts are in meaning, by a sentence model from a folder.

Nothing is downloaded. The folder holds `model.onnx` and `tokenizer.json`, as Sentence Transformers and Optimum
export them (https://sbert.net/docs/sentence_transformer/usage/efficiency.html); what runs it comes with the
extra `dense`.
"""

import importlib.util
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.nlu.features import Floats
from bot.dialogue.nlu.text import readable
from bot.errors import SettingsError

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
MOST_TOKENS = 256
BATCH = 32
SAMPLE = 500
log = logging.getLogger(__name__)

Encode = Callable[[Sequence[str]], Floats]
"""Texts as rows of length one."""


@dataclass(frozen=True)
class Meanings:
    """Of documents, ordered by label."""

    rows: Floats
    """Documents x dimensions, each of length one."""
    usual: float
    """The cosine of any two of them on average; sentence models differ much in that."""
    spread: float
    """Its standard deviation."""

    @classmethod
    def of(cls, rows: Floats) -> Self:
        """Of all documents that there are."""
        alike = rows[:: 1 + len(rows) // SAMPLE] @ rows.T
        return cls(rows, float(alike.mean()), max(float(alike.std()), 1e-6))

    def among(self, chosen: NDArray[np.int64]) -> Self:
        """Of these documents only."""
        return type(self)(self.rows[chosen], self.usual, self.spread)

    def nearest(self, asked: Floats, starts: NDArray[np.int64]) -> Floats:
        """Texts x labels: how many standard deviations the nearest of a label's documents is nearer than usual."""
        alike = (asked @ self.rows.T - self.usual) / self.spread
        return np.maximum.reduceat(alike, starts, axis=1).astype(np.float32)


class SentenceModel:
    """Runs in this process, on the processor."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        """
        Of the model in `folder`; `prefix` is set before each text, as some models want it ("query: ").

        Raises SettingsError as `files` does.
        """
        files({"folder": folder})
        import onnxruntime  # noqa: PLC0415 -- an extra
        import tokenizers  # noqa: PLC0415

        self._prefix = prefix
        self._session = onnxruntime.InferenceSession(folder / MODEL, providers=["CPUExecutionProvider"])
        self._wanted = {each.name for each in self._session.get_inputs()}
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding(
            pad_id=(self._tokenizer.padding or {}).get("pad_id", 0),
            pad_token=(self._tokenizer.padding or {}).get("pad_token", "[PAD]"),
        )

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self:
        """As config.yml names it: `folder`, and `prefix` if there is one."""
        return cls(Path(config["folder"]), config.get("prefix", ""))

    def __call__(self, texts: Sequence[str]) -> Floats:
        """A row of length one for each."""
        batches = []
        for first in range(0, len(texts), BATCH):
            batches.append(self._batch(texts[first : first + BATCH]))
            if first and not first % (BATCH * 32):
                log.info("%s of %s texts read by the sentence model", first, len(texts))
        return np.concatenate(batches)

    def _batch(self, texts: Sequence[str]) -> Floats:
        """The mean over a text's tokens, unless the model makes one row a text itself."""
        read = self._tokenizer.encode_batch([self._prefix + (readable(text) or text) for text in texts])
        mask = np.array([each.attention_mask for each in read], np.int64)
        given = {
            "input_ids": np.array([each.ids for each in read], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([each.type_ids for each in read], np.int64),
        }
        made = self._session.run(None, {name: value for name, value in given.items() if name in self._wanted})[0]
        if made.ndim == 3:
            made = (made * mask[..., None]).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)[:, None]
        rows: Floats = made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
        return rows.astype(np.float32)


def files(config: Any) -> tuple[Path, ...]:
    """The files of what `dense` in config.yml names; SettingsError if they are not there, or cannot be run."""
    if not isinstance(config, Mapping) or not config.get("folder"):
        raise SettingsError(
            f"`dense` in config.yml must name a folder, as in `dense: {{folder: models/e5}}`: {config!r}."
        )
    folder = Path(config["folder"])
    for name in (MODEL, TOKENIZER):
        if not (folder / name).is_file():
            raise SettingsError(
                f"config.yml names a sentence model in {folder}, where no {name} is. "
                "Put it there (docs/how-to/use-a-sentence-model.md), or take `dense` out of config.yml."
            )
    for package in ("onnxruntime", "tokenizers"):
        if importlib.util.find_spec(package) is None:
            raise SettingsError(
                f"config.yml names a sentence model, which takes {package} to run. Run `make dense`, "
                "or install requirements-dense.lock."
            )
    # Weights of many may lie beside, as model.onnx_data.
    return (*sorted(folder.glob(f"{MODEL}*")), folder / TOKENIZER)
