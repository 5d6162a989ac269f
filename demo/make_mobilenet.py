#!/usr/bin/env python3
"""Write a MobileNet v1 as a frozen GraphDef. Needs numpy only.

Weights are random. The moving means and variances are those the network really has on a few
random images, so activations keep their scale, and the classes depend on the image.
"""
import argparse
import pathlib

import numpy as np

EPSILON = 1e-3
CLASSES = 1001
IMAGES = 8  # measured for the moving statistics

# (index, (stride, depth at width 1)); each but the first is a depthwise and a pointwise convolution
BLOCKS = list(enumerate(
    [(2, 32), (1, 64), (2, 128), (1, 128), (2, 256), (1, 256), (2, 512)]
    + [(1, 512)] * 5 + [(2, 1024), (1, 1024)]))


# --- protobuf ---------------------------------------------------------------------------------

def varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out) + bytes([n])


def number(field, n):
    return varint(field << 3) + varint(n)


def chunk(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def real(field, value):
    return varint(field << 3 | 5) + np.float32(value).astype("<f4").tobytes()


class DType(int):
    """A value of TensorFlow's enum DataType."""


DT_FLOAT, DT_INT32 = DType(1), DType(3)


class Shape(tuple):
    """A TensorShapeProto."""

    def encode(self):
        return b"".join(chunk(2, number(1, size)) for size in self)


def tensor(array):
    """A TensorProto."""
    dtype = {"f": DT_FLOAT, "i": DT_INT32}[array.dtype.kind]
    content = array.astype(array.dtype.newbyteorder("<")).tobytes()
    return number(1, dtype) + chunk(2, Shape(array.shape).encode()) + chunk(4, content)


def attr(value):
    """An AttrValue."""
    match value:
        case bool():
            return number(5, value)
        case DType():
            return number(6, value)
        case int():
            return number(3, value)
        case float():
            return real(4, value)
        case str():
            return chunk(2, value)
        case Shape():
            return chunk(7, value.encode())
        case np.ndarray():
            return chunk(8, tensor(value))
        case [str(), *_]:
            return chunk(1, b"".join(chunk(2, s) for s in value))
        case list():
            return chunk(1, chunk(3, b"".join(varint(i) for i in value)))
    raise TypeError(value)


class Graph:
    def __init__(self):
        self.nodes = []

    def node(self, name, op, inputs, **attrs):
        text = chunk(1, name) + chunk(2, op) + b"".join(chunk(3, i) for i in inputs)
        for key in sorted(attrs):
            text += chunk(5, chunk(1, key) + chunk(2, attr(attrs[key])))
        self.nodes.append(text)
        return name

    def const(self, name, array):
        dtype = DT_FLOAT if array.dtype.kind == "f" else DT_INT32
        return self.node(name, "Const", [], dtype=dtype, value=array)

    def variable(self, name, array):
        self.const(name, array)
        return self.node(f"{name}/read", "Identity", [name], T=DT_FLOAT, _class=[f"loc:@{name}"])

    def serialize(self):
        return b"".join(chunk(1, n) for n in self.nodes) + chunk(4, number(1, 27))


# --- arithmetic -------------------------------------------------------------------------------

def padded(x, stride):
    """SAME padding of a 3x3 window."""
    pads = []
    for size in x.shape[1:3]:
        total = max((-(-size // stride) - 1) * stride + 3 - size, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(x, [(0, 0), *pads, (0, 0)])


def windows(x, stride):
    """The nine shifted views that a 3x3 window sees."""
    rows, cols = (-(-size // stride) for size in x.shape[1:3])
    p = padded(x, stride)
    for i in range(3):
        for j in range(3):
            yield i, j, p[:, i:i + stride * rows:stride, j:j + stride * cols:stride]


def depthwise(x, w, stride):
    return sum(v * w[i, j, :, 0] for i, j, v in windows(x, stride))


def convolution(x, w, stride):
    if w.shape[:2] == (1, 1):
        return x @ w[0, 0]
    return sum(v @ w[i, j] for i, j, v in windows(x, stride))


def random_images(random, count, resolution):
    """Patches of many sizes over one another, in [-1, 1], like photographs that are normalised."""
    images = np.zeros((count, resolution, resolution, 3), np.float32)
    side, weight = 1, 0.5
    while side <= resolution:
        cells = random.normal(0, weight, (count, side, side, 3)).astype(np.float32)
        at = np.arange(resolution) * side // resolution
        images += cells[:, at][:, :, at]
        side, weight = side * 3, weight * 0.8
    return np.clip(images, -1, 1)


# --- network ----------------------------------------------------------------------------------

class MobileNet:
    """Builds the graph while x, the activations of the random images, runs along."""

    def __init__(self, width, resolution, seed, fused):
        self.random = np.random.RandomState(seed)
        self.width, self.fused = width, fused
        self.graph = Graph()
        self.conv_name = "Conv2D" if fused else "convolution"
        self.x = random_images(self.random, IMAGES, resolution)
        self.last = self.graph.node("input", "Placeholder", [], dtype=DT_FLOAT,
                                    shape=Shape((1, resolution, resolution, 3)))

    def normal(self, scale, shape):
        return self.random.normal(0, scale, shape).astype(np.float32)

    def weights(self, shape, fan_in, channels, spread):
        """Random weights whose scale differs from output channel to output channel."""
        return self.normal((2 / fan_in) ** 0.5, shape) * np.exp(self.normal(spread, channels))

    def batch_norm(self, scope):
        """gamma (x - moving_mean) / sqrt(moving_variance + epsilon) + beta, then relu6."""
        channels = self.x.shape[-1:]
        variable = {
            "beta": self.normal(0.5, channels) + np.float32(0.5),
            "gamma": np.exp(self.normal(0.25, channels)),
            "moving_mean": self.x.mean((0, 1, 2)),
            "moving_variance": self.x.var((0, 1, 2)),
        }
        read = {key: self.graph.variable(f"MobilenetV1/{scope}/BatchNorm/{key}", value)
                for key, value in variable.items()}
        inner = f"MobilenetV1/MobilenetV1/{scope}"
        if self.fused:
            self.last = self.graph.node(
                f"{inner}/BatchNorm/FusedBatchNorm", "FusedBatchNorm",
                [self.last, read["gamma"], read["beta"], read["moving_mean"],
                 read["moving_variance"]],
                T=DT_FLOAT, data_format="NHWC", epsilon=EPSILON, is_training=False)
        else:
            self.last = self.spelled(f"{inner}/BatchNorm/batchnorm", read)
        self.last = self.graph.node(f"{inner}/Relu6", "Relu6", [self.last], T=DT_FLOAT)
        scale = variable["gamma"] / np.sqrt(variable["moving_variance"] + np.float32(EPSILON))
        self.x = np.clip((self.x - variable["moving_mean"]) * scale + variable["beta"], 0, 6)

    def spelled(self, scope, read):
        def op(name, kind, *inputs):
            return self.graph.node(f"{scope}/{name}", kind, inputs, T=DT_FLOAT)

        epsilon = self.graph.const(f"{scope}/add/y", np.array(EPSILON, np.float32))
        deviation = op("Rsqrt", "Rsqrt", op("add", "Add", read["moving_variance"], epsilon))
        scale = op("mul", "Mul", deviation, read["gamma"])
        product = op("mul_1", "Mul", self.last, scale)
        offset = op("sub", "Sub", read["beta"], op("mul_2", "Mul", read["moving_mean"], scale))
        return op("add_1", "Add", product, offset)

    def conv(self, scope, size, stride, depth):
        channels = self.x.shape[-1]
        w = self.weights((size, size, channels, depth), size * size * channels, depth, 0.2)
        read = self.graph.variable(f"MobilenetV1/{scope}/weights", w)
        self.last = self.conv_node(f"MobilenetV1/MobilenetV1/{scope}", read, stride)
        self.x = convolution(self.x, w, stride)
        self.batch_norm(scope)

    def conv_node(self, scope, weights, stride):
        return self.graph.node(
            f"{scope}/{self.conv_name}", "Conv2D", [self.last, weights], T=DT_FLOAT,
            strides=[1, stride, stride, 1], padding="SAME", data_format="NHWC",
            use_cudnn_on_gpu=True)

    def depthwise(self, scope, stride):
        channels = self.x.shape[-1]
        w = self.weights((3, 3, channels, 1), 9, (channels, 1), 0.5)
        read = self.graph.variable(f"MobilenetV1/{scope}/depthwise_weights", w)
        self.last = self.graph.node(
            f"MobilenetV1/MobilenetV1/{scope}/depthwise", "DepthwiseConv2dNative",
            [self.last, read], T=DT_FLOAT, strides=[1, stride, stride, 1], padding="SAME",
            data_format="NHWC")
        self.x = depthwise(self.x, w, stride)
        self.batch_norm(scope)

    def body(self):
        for index, (stride, depth) in BLOCKS:
            depth = max(int(depth * self.width), 8)
            if index == 0:
                self.conv("Conv2d_0", 3, stride, depth)
            else:
                self.depthwise(f"Conv2d_{index}_depthwise", stride)
                self.conv(f"Conv2d_{index}_pointwise", 1, 1, depth)

    def head(self):
        """Weights and biases centre the logits over the random images and set their spread to 2."""
        graph, scope = self.graph, "MobilenetV1/Logits"
        side, depth = self.x.shape[1], self.x.shape[3]
        self.last = graph.node(f"{scope}/AvgPool_1a/AvgPool", "AvgPool", [self.last], T=DT_FLOAT,
                               ksize=[1, side, side, 1], strides=[1, 2, 2, 1], padding="VALID",
                               data_format="NHWC")
        self.last = graph.node(f"{scope}/Dropout_1b/Identity", "Identity", [self.last], T=DT_FLOAT)
        pooled = self.x.mean((1, 2))
        w = self.normal(1, (1, 1, depth, CLASSES))
        logits = pooled @ w[0, 0]
        w *= 2 / (logits - logits.mean(0)).std()
        biases = -(pooled.mean(0) @ w[0, 0]) + self.normal(0.1, CLASSES)
        w = graph.variable(f"{scope}/Conv2d_1c_1x1/weights", w)
        biases = graph.variable(f"{scope}/Conv2d_1c_1x1/biases", biases)
        self.last = self.conv_node(f"{scope}/Conv2d_1c_1x1", w, 1)
        self.last = graph.node(f"{scope}/Conv2d_1c_1x1/BiasAdd", "BiasAdd", [self.last, biases],
                               T=DT_FLOAT, data_format="NHWC")
        self.last = graph.node(f"{scope}/SpatialSqueeze", "Squeeze", [self.last], T=DT_FLOAT,
                               squeeze_dims=[1, 2])
        self.predictions()

    def predictions(self):
        graph, scope = self.graph, "MobilenetV1/Predictions"
        shape = graph.const(f"{scope}/Reshape/shape", np.array([-1, CLASSES], np.int32))
        flat = graph.node(f"{scope}/Reshape", "Reshape", [self.last, shape], T=DT_FLOAT,
                          Tshape=DT_INT32)
        softmax = graph.node(f"{scope}/Softmax", "Softmax", [flat], T=DT_FLOAT)
        shape = graph.const(f"{scope}/Shape", np.array([1, CLASSES], np.int32))
        graph.node(f"{scope}/Reshape_1", "Reshape", [softmax, shape], T=DT_FLOAT, Tshape=DT_INT32)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=float, default=1.0, help="width multiplier")
    parser.add_argument("--resolution", type=int, default=224, help="side of the input")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True, help="folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch-norm", choices=["spelled", "fused"], default="spelled")
    args = parser.parse_args()

    net = MobileNet(args.width, args.resolution, args.seed, args.batch_norm == "fused")
    net.body()
    net.head()
    args.output.mkdir(parents=True, exist_ok=True)
    (args.output / "frozen_graph.pb").write_bytes(net.graph.serialize())


if __name__ == "__main__":
    main()
