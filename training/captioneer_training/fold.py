"""Computes ahead what a graph computes of constants and of shapes that do not change.

PyTorch's exporter writes the arithmetic on shapes as nodes. A runtime computes them when it loads the graph, each by a kernel of its
own: half the time that a small model needs to load. Weights stay as they are, so that no file grows.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

LARGEST = 4096
"""Bytes of a result that is written into the graph."""

Constants = dict[str, NDArray[np.generic]]


def fold_constants(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replaces nodes whose results are the same for every input by these results; the graph itself is changed."""
    before = len(model.graph.node) + 1
    while len(model.graph.node) < before:  # with the results more shapes are known
        before = len(model.graph.node)
        fold_once(model)
    return model


def fold_once(model: onnx.ModelProto) -> None:
    graph, shapes = model.graph, static_shapes(model)
    found: Constants = {}
    kept: list[onnx.NodeProto] = []
    for node in graph.node:
        results = results_of(node, found, shapes, model)
        if results is None:
            kept.append(node)
        else:
            found |= results
    outputs = {output.name for output in graph.output}
    wanted = {name for node in kept for name in node.input} | outputs
    constants: dict[tuple[object, ...], onnx.NodeProto] = {}
    names: dict[str, str] = {}
    for name, array in found.items():
        if name in wanted:  # once for all that are equal
            key = (array.dtype.str, array.shape, array.tobytes(), name if name in outputs else "")
            names[name] = constants.setdefault(key, constant(name, array)).output[0]
    for node in kept:
        node.input[:] = [names.get(name, name) for name in node.input]
    del graph.node[:]
    graph.node.extend([*constants.values(), *kept])


def static_shapes(model: onnx.ModelProto) -> dict[str, list[int]]:
    """Shapes of all tensors that have the same one for every input."""
    graph = model.graph
    weights = [helper.make_tensor_value_info(weight.name, weight.data_type, weight.dims) for weight in graph.initializer]
    # Without the contents of the weights, which may be more than a message of Protocol Buffers can hold.
    bare = helper.make_graph(graph.node, "shapes", [*graph.input, *weights], graph.output, value_info=graph.value_info)
    inferred = onnx.shape_inference.infer_shapes(helper.make_model(bare, opset_imports=model.opset_import), data_prop=True).graph
    shapes: dict[str, list[int]] = {}
    for value in (*inferred.input, *inferred.value_info):
        kind = value.type.tensor_type
        if kind.HasField("shape") and all(dim.HasField("dim_value") for dim in kind.shape.dim):
            shapes[value.name] = [dim.dim_value for dim in kind.shape.dim]
    return shapes


def results_of(node: onnx.NodeProto, found: Constants, shapes: dict[str, list[int]], model: onnx.ModelProto) -> Constants | None:
    """The results of a node by their names, if they are small and the same for every input."""
    if node.op_type == "Shape" and node.input[0] in shapes and not node.attribute:
        return {node.output[0]: np.array(shapes[node.input[0]], np.int64)}
    # Weights are no constants here: they keep their names and their 8 bits.
    is_constant = bool(node.input) and all(name in found or name == "" for name in node.input)
    if not (is_constant or node.op_type == "Constant") or any(attribute.HasField("g") for attribute in node.attribute):
        return None
    opsets = {entry.domain: entry.version for entry in model.opset_import}
    arrays = ReferenceEvaluator(node, opsets=opsets).run(None, {name: found[name] for name in node.input if name != ""})
    results = {name: np.asarray(array) for name, array in zip(node.output, arrays, strict=True)}
    return results if all(array.nbytes <= LARGEST for array in results.values()) else None


def constant(name: str, array: NDArray[np.generic]) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array))
