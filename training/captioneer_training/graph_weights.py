"""The weights in the graphs of a model folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

INT8_SUFFIX, SCALE_SUFFIX = ".int8", ".scale"
"""Of the two initializers that stand for a parameter in 8 bits."""


def read_weights(folder: Path) -> dict[str, Tensor]:
    """The state dict of a captioner, read back from its model folder's graphs."""
    state: dict[str, Tensor] = {}
    for file in ("encoder.onnx", "decoder.onnx"):
        arrays = {i.name: numpy_helper.to_array(i) for i in onnx.load(folder / file).graph.initializer}
        for name, array in arrays.items():
            if name.endswith(INT8_SUFFIX):
                base = name.removesuffix(INT8_SUFFIX)
                state[base] = torch.from_numpy(array.astype(np.float32) * arrays[base + SCALE_SUFFIX])
            elif not name.endswith(SCALE_SUFFIX) and array.dtype == np.float32:
                state[name] = torch.from_numpy(array.copy())
    return state
