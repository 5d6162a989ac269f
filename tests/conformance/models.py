"""Suite models: whole networks; TensorFlow itself says what is right for seeded random inputs."""

import os

import numpy as np

import graphs
from case import Case, shapes_argument

DOTNET = "dotnet_savedmodels/Microsoft.ML.TensorFlow.TestModels/cifar_model/"

# name, file, inputs {tensor: shape}, outputs, and what differs from "convert and compare"
MODELS = [
    ("mobilenet_v1_0.25_128", "mobilenet_v1_0.25_128/frozen_graph.pb", {"input": [1, 128, 128, 3]},
     ["MobilenetV1/Predictions/Softmax"], {"most_operators": 31}),
    ("license_plate", "license_plate/retrained_graph.pb", {"input": [1, 128, 128, 3]}, ["final_result"],
     {"most_operators": 31}),
    ("selfie_segmentation", "selfie_segmentation/segm_lite_v509_opt.pb", {"input_1": [1, 128, 128, 3]},
     ["segment"], {"most_operators": 108}),
    ("char_rnn", "char_rnn/frozen_model.pb", {"input_data": [10, 10]}, ["probs"], {"most_operators": 267}),
    ("char_rnn_mobile", "char_rnn/frozen_model_mobile.pb", {"input_data": [1, 1]}, ["probs"], {"most_operators": 23}),
    ("ae0", "tf2onnx/ae0/frozen.pb", {"X": [1, 784]}, ["output"], {}),
    ("ae0_any_batch", "tf2onnx/ae0/frozen.pb", {"X": [3, 784]}, ["output"], {"shapes": "-1,784"}),
    ("lstm", "tf2onnx/lstm/frozen.pb", {"X": [1, 784], "keep_prob": []}, ["output"], {"values": {"keep_prob": 1}}),
    ("gru", "tf2onnx/gru/frozen.pb", {"X": [1, 784], "keep_prob": []}, ["output"], {"values": {"keep_prob": 1}}),
    ("regression", "tf2onnx/regression/graphdef/frozen.pb", {"X": []}, ["pred"], {}),
    ("cifar", DOTNET + "frozen_model.pb", {"Input": [1, 32, 32, 3]}, ["Output"], {}),
    ("cifar_variadic", DOTNET + "frozen_model_variadic_input_shape.pb",
     {"Input": [1, 32, 32, 3], "Input_1": [1, 32, 32, 3]}, ["Output"], {}),
    ("kws_dnn", "kws/DNN_S.pb", {"Mfcc": [1, 25, 10]}, ["labels_softmax"], {"dtype": "float32"}),
    ("kws_cnn", "kws/CNN_S.pb", {"Mfcc": [1, 49, 10]}, ["labels_softmax"], {"dtype": "float32"}),
    ("kws_ds_cnn", "kws/DS_CNN_S.pb", {"Mfcc": [1, 49, 10]}, ["labels_softmax"], {"dtype": "float32"}),
    ("hey_snips", "hey_snips/hey_snips_3.pb", {"inputs": [100, 40]}, ["logits"], {"most_operators": 9}),
    ("mtcnn", "mtcnn/mtcnn.pb", {"input": [120, 160, 3], "min_size": [], "thresholds": [3], "factor": []},
     ["prob", "landmarks", "box"],
     {"expect": "refused", "values": {"min_size": 40, "thresholds": [0.6, 0.7, 0.7], "factor": 0.709}}),
]


def cases(shared, cache, work, scope):
    for number, (name, file, inputs, outputs, more) in enumerate(MODELS):
        path = os.path.join(shared, "models", file)
        if not os.path.exists(path):
            continue
        graph = graphs.load(path)
        nodes = {node.name: node for node in graph.node}
        case = Case("models", name, os.path.join(work, "models", name), path, outputs=outputs)
        case.expect = more.get("expect", "right")
        case.most_operators = more.get("most_operators")
        reachable = {node.name for node in graphs.needed(graph, outputs, inputs)}
        values, stated = [], []
        for tensor, shape in inputs.items():
            if tensor not in reachable:
                continue
            node = nodes[tensor]
            dtype = more.get("dtype") or graphs.NUMPY[node.attr["dtype"].type]
            if tensor in more.get("values", {}):
                value = np.asarray(more["values"][tensor], dtype)
            else:
                value = graphs.random_values(number, dtype, shape)
            case.inputs.append({"name": tensor, "dtype": dtype, "shape": shape})
            values.append(value)
            stated.append(graphs.attribute_shape(node))
        if any(shape is None or -1 in shape for shape in stated):
            case.shapes = more.get("shapes") or shapes_argument([item["shape"] for item in case.inputs])
        case.look(graph, scope)
        case.save(values, None)
        yield case
