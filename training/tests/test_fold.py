from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from captioneer_training.fold import LARGEST, fold_constants


def graph_of(nodes: list[onnx.NodeProto], weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3, 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", "columns"])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def constant(name: str, value: object, dtype: type = np.int64) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.array(value, dtype)))


def test_arithmetic_on_shapes_is_done_ahead_and_weights_stay() -> None:
    node = helper.make_node
    model = graph_of(
        [
            node("Shape", ["x"], ["shape"]),
            constant("first", 0),
            node("Gather", ["shape", "first"], ["rows"]),
            constant("axis", [0]),
            node("Unsqueeze", ["rows", "axis"], ["rows_1d"]),
            constant("rest", [-1]),
            node("Concat", ["rows_1d", "rest"], ["target"], axis=0),
            node("Reshape", ["x", "target"], ["flat"]),
            node("Shape", ["flat"], ["flat_shape"]),  # known only once the first ones are
            node("Cast", ["flat_shape"], ["flat_floats"], to=TensorProto.FLOAT),
            node("ReduceSum", ["flat_floats"], ["sum"], keepdims=0),
            node("Cast", ["w.int8"], ["w.float"], to=TensorProto.FLOAT),
            node("Mul", ["w.float", "w.scale"], ["w"]),
            node("MatMul", ["flat", "w"], ["product"]),
            node("Add", ["product", "sum"], ["y"]),
        ],
        {"w.int8": np.arange(-12, 12, dtype=np.int8).reshape(12, 2), "w.scale": np.array([[0.5, 0.25]], np.float32)},
    )
    x = {"x": np.arange(24, dtype=np.float32).reshape(2, 3, 4)}
    expected = onnxruntime.InferenceSession(model.SerializeToString()).run(None, x)[0]
    weights = [weight.SerializeToString() for weight in model.graph.initializer]

    fold_constants(model)
    onnx.checker.check_model(model)
    assert [n.op_type for n in model.graph.node] == ["Constant", "Constant", "Reshape", "Cast", "Mul", "MatMul", "Add"]
    assert [weight.SerializeToString() for weight in model.graph.initializer] == weights
    np.testing.assert_array_equal(onnxruntime.InferenceSession(model.SerializeToString()).run(None, x)[0], expected)


def test_large_results_and_random_ones_are_left() -> None:
    node = helper.make_node
    model = graph_of(
        [
            constant("size", [LARGEST]),
            node("ConstantOfShape", ["size"], ["zeros"]),
            node("RandomUniform", [], ["noise"], shape=[1]),
            node("ReduceSum", ["zeros"], ["zero"]),
            node("Add", ["zero", "noise"], ["shift"]),
            node("Add", ["x", "shift"], ["y"]),
        ],
        {},
    )
    kinds = [n.op_type for n in fold_constants(model).graph.node]
    assert kinds == ["Constant", "ConstantOfShape", "RandomUniform", "ReduceSum", "Add", "Add"]


def test_equal_constants_are_written_once() -> None:
    limits = [constant(f"{name}{i}", value, np.float32) for i in "ab" for name, value in (("low", 0), ("high", 6))]
    first = helper.make_node("Clip", ["x", "lowa", "higha"], ["z"])
    second = helper.make_node("Clip", ["z", "lowb", "highb"], ["y"])
    model = fold_constants(graph_of([*limits, first, second], {}))
    assert [n.op_type for n in model.graph.node] == ["Constant", "Constant", "Clip", "Clip"]
    assert model.graph.node[2].input[1:] == model.graph.node[3].input[1:]
