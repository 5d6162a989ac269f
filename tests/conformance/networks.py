"""Networks of the shared folder on real data: what to feed, what is recorded, how near the results have to be."""

import csv
import dataclasses
import gzip
import hashlib
import os
import tarfile
from typing import Callable

import numpy as np

QUANTIZER = "suites/ai_edge_quantizer/ai_edge_quantizer/tests/models/"
RESNET = "models/mlperf_tiny/image_classification/pretrainedResnet"
KWS = "models/mlperf_tiny/keyword_spotting/kws_ref_model"


@dataclasses.dataclass
class Network:
    name: str
    file: str
    data: Callable  # Data -> array whose first axis counts samples; each has the shape of the input
    judge: str  # "equal": all numbers; "classes": the same largest; "near": within judge.py
    resolver: str  # LiteRT's kernels to compare with: "ref" where integers are at stake, "xnn" its default
    differ: int = 0  # how many classes may differ
    labels: Callable = None  # Data -> array, for the share that is right
    recorded: Callable = None  # (Data, outputs of all samples) -> (text, whether they are the recorded ones)


def decoded(path):
    import tensorflow as tf

    with open(path, "rb") as f:
        return tf.io.decode_image(f.read(), channels=3, expand_animations=False).numpy()


def resized(image, size, dtype="uint8"):
    import tensorflow as tf

    value = tf.image.resize(image, (size, size), antialias=True).numpy()
    return np.round(value).astype(dtype) if dtype == "uint8" else value


class Data:
    """Decoded images; what takes long to decode is kept in the cache."""

    def __init__(self, shared, cache):
        self.shared, self.cache = shared, os.path.join(cache, "conformance", "networks")
        os.makedirs(self.cache, exist_ok=True)

    def path(self, *parts):
        return os.path.join(self.shared, *parts)

    def kept(self, name, make):
        path = os.path.join(self.cache, name + ".npy")
        if not os.path.exists(path):
            np.save(path, make())
        return np.load(path)

    def cifar(self):
        def images():
            import tensorflow as tf

            with tarfile.open(self.path("data/cifar10/cifar10_test_jpg.tar.xz")) as tar:
                found = {m.name: tar.extractfile(m).read() for m in tar if m.name.endswith(".jpg")}
            return np.stack([tf.io.decode_jpeg(found[name], 3).numpy() for name in sorted(found)])

        return self.kept("cifar10", images)

    def cifar_labels(self):
        return np.repeat(np.arange(10), 1000)  # sorted by the folders, which are the classes in their order

    def mnist(self, kind):
        with gzip.open(self.path(f"data/mnist/t10k-{kind}-ubyte.gz")) as f:
            raw = np.frombuffer(f.read(), np.uint8)
        return raw[8:].astype(int) if kind == "labels-idx1" else raw[16:].reshape(-1, 28, 28, 1)

    def photos(self):
        def images():
            folder = self.path("data/imagenet")
            names = [row["file"] for row in csv.DictReader(open(os.path.join(folder, "labels.csv")))]
            return np.stack([resized(self.centre(decoded(os.path.join(folder, n))), 128) for n in names] + [resized(decoded(self.path("models/coral/cat.bmp")), 128)])

        return self.kept("photos128", images)

    @staticmethod
    def centre(image):
        height, width = (int(0.875 * d) for d in image.shape[:2])
        top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
        return image[top:top + height, left:left + width]

    def photo_labels(self):
        with open(self.path("data/imagenet/labels.csv")) as f:
            return np.array([int(row["class_index"]) + 1 for row in csv.DictReader(f)])

    def plates(self):
        folder = self.path("models/license_plate/photos")
        return np.stack([resized(decoded(os.path.join(folder, n)), 128, "float32") for n in sorted(os.listdir(folder))]) / np.float32(127.5) - 1

    def segmentation(self):
        upright, turned = (decoded(self.path("models/tflite_support", f"segmentation_input_rotation{n}.jpg")) for n in ("0", "90_flop"))
        return np.stack([upright, np.rot90(turned)[:, ::-1]]).astype(np.float32) / np.float32(127.5) - 1

    def squat(self):
        return resized(decoded(self.path("models/coral/squat.bmp")), 192)[None]

    def digest(self, network, samples):
        with open(self.path(network.file), "rb") as f:
            found = hashlib.sha256(f.read())
        found.update(samples.tobytes())
        return found.hexdigest()[:24]


def seeded_kws(quantized):
    values = np.random.default_rng(5).integers(-128, 128, (1000, 49, 10, 1)).astype(np.int8)
    return values if quantized else (values.astype(np.float32) - 83) * np.float32(0.5847029)


def as_segmented(data, outputs):
    """The golden images hold ten times the class of each pixel, the second one turned and mirrored as its input was."""
    golden = [decoded(data.path("models/tflite_support", f"segmentation_golden_rotation{n}.png"))[..., 0] for n in ("0", "90_flop")]
    upright, turned = outputs[0].argmax(-1) * 10
    shares = [float(np.mean(upright == golden[0])), float(np.mean(np.rot90(turned[:, ::-1], -1) == golden[1]))]
    return "pixels as recorded: " + ", ".join(f"{100 * s:.2f} %" for s in shares), min(shares) >= 0.99


def as_posed(data, outputs):
    """Recorded are places and scores from another device and another way of resizing; LiteRT's own places are as far from
    them, and its scores up to 0.5, whichever way the picture is resized. So the places are judged, by a twentieth."""
    with open(data.path("models/coral/movenet_single_pose_lightning_ptq_reference.csv")) as f:
        rows = list(csv.DictReader(f))
    want = np.array([[float(r["keypoint_y"]), float(r["keypoint_x"]), float(r["keypoint_score"])] for r in rows])
    got = outputs[0].reshape(-1, 3)
    places, scores = np.abs(got[:, :2] - want[:, :2]).max(), np.abs(got[:, 2] - want[:, 2]).max()
    return f"keypoints within {places:.3f} of the picture, scores within {scores:.2f}", places <= 0.05


def cifar(signed):
    return lambda data: (data.cifar().astype(np.int16) - 128).astype(np.int8) if signed else data.cifar().astype(np.float32)


def mnist(signed):
    def samples(data):
        images = data.mnist("images-idx3")
        return (images.astype(np.int16) - 128).astype(np.int8) if signed else images.astype(np.float32) / np.float32(255)

    return samples


def digits(data):
    return data.mnist("labels-idx1")


NETWORKS = [
    Network("DeepLab v3", "models/tflite_support/deeplabv3.tflite", Data.segmentation, "near", "xnn", recorded=as_segmented),
    Network("MoveNet", "models/coral/movenet_single_pose_lightning_ptq.tflite", Data.squat, "equal", "ref", recorded=as_posed),
    Network("MobileNet v1 0.25 uint8", "models/coral/mobilenet_v1_0.25_128_quant.tflite", Data.photos, "equal", "ref", labels=Data.photo_labels),
    Network("license plates", "models/license_plate/retrained_graph.tflite", Data.plates, "near", "xnn"),
    Network("ResNet-8", RESNET + ".tflite", cifar(False), "classes", "xnn", 2, Data.cifar_labels),
    Network("ResNet-8 (large) float", RESNET + "_large_float.tflite", cifar(False), "classes", "xnn", 2, Data.cifar_labels),
    Network("ResNet-8 (large) int8", RESNET + "_large_int8.tflite", cifar(True), "equal", "ref", labels=Data.cifar_labels),
    Network("ResNet-8 int8", RESNET + "_quant.tflite", cifar(True), "equal", "ref", labels=Data.cifar_labels),
    Network("conv_fc_mnist", QUANTIZER + "conv_fc_mnist.tflite", mnist(False), "classes", "xnn", 2, digits),
    Network("conv_fc_mnist_srq_a8w8", QUANTIZER + "conv_fc_mnist_srq_a8w8.tflite", mnist(True), "equal", "ref", labels=digits),
    Network("mnist_quantized", QUANTIZER + "mnist_quantized.tflite", mnist(False), "classes", "ref", labels=digits),
    Network("partly_quantized_mnist", QUANTIZER + "partly_quantized_mnist.tflite", mnist(False), "classes", "ref", labels=digits),
    Network("DS-CNN float32", KWS + "_float32.tflite", lambda data: seeded_kws(False), "classes", "ref"),
    Network("DS-CNN int8", KWS + ".tflite", lambda data: seeded_kws(True), "equal", "ref"),
]
