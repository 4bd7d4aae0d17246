"""A small sentence model, made for the tests: it knows some words, three of them for cake."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

WORDS = ("[PAD]", "[UNK]", "torte", "kuchen", "gebäck", "zug", "wetter", "auf", "offen", "hallo", "servus")
SENSES = (0, 1, 2, 2, 2, 3, 4, 5, 5, 6, 6)
"""Of each word, as a dimension: words of one sense have one vector."""


def export(folder: Path, *, pooled: bool = False) -> Path:
    """A table of vectors as ONNX, and a tokenizer of whole words; `pooled` makes one row a text, as some exports do."""
    folder.mkdir(parents=True, exist_ok=True)
    table = np.eye(8, dtype=np.float32)[list(SENSES)]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["rows", "axes"], ["out"], keepdims=0))
    shape = ["texts", 8] if pooled else ["texts", "tokens", 8]
    graph = helper.make_graph(
        nodes,
        "words",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("out" if pooled else "rows", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1], np.int64), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
