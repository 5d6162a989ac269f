"""Float networks that run_quantized.py quantises: where each comes from, how TensorFlow converts it, and real or seeded data."""

import dataclasses
import os
import subprocess
from typing import Callable

import networks
import numpy as np

CALIBRATION = 100  # samples that ranges are taken from; all others are judged


@dataclasses.dataclass
class Case:
    name: str
    source: str  # below shared/
    samples: Callable  # Data -> float32 array, the first CALIBRATION ones for calibration, each the shape of the input
    about: str  # what the samples are
    labels: Callable = None  # Data -> array, for the samples that are judged
    converter: Callable = None  # (tf, path) -> TFLiteConverter; None: TensorFlow takes no .tflite
    ends: tuple = ()  # input and output of a frozen graph, which toucanet converts too


def frozen_graph(begin, end):
    return lambda tf, path: tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(path, [begin], [end], {begin: [1, 128, 128, 3]})


def keras(tf, path):
    return tf.lite.TFLiteConverter.from_keras_model(tf.keras.models.load_model(path, compile=False))


def saved_model(tf, path):
    return tf.compat.v1.lite.TFLiteConverter.from_saved_model(path)


def bilinear(image, size=128):
    """Half-pixel centres, as `toucanet calibrate` resizes photos; (pixel - 127.5) / 127.5."""
    import tensorflow as tf

    return tf.image.resize(image, (size, size)).numpy() / np.float32(127.5) - 1


def photos(data):
    def made():
        folder = data.path("data/imagenet")
        names = sorted(n for n in os.listdir(folder) if n.endswith(".JPEG"))
        return np.stack([bilinear(data.centre(networks.decoded(os.path.join(folder, n)))) for n in names])

    return data.kept("photos128_bilinear", made)


def plate_files(data):
    folder = data.path("models/license_plate/photos")
    return [os.path.join(folder, n) for n in sorted(os.listdir(folder))]


def plates(data):
    """Cuts of the photos in turn: 70 to 100 % of each side, anywhere."""
    def made():
        images, rng = [networks.decoded(path) for path in plate_files(data)], np.random.default_rng(9)
        cuts = []
        for i in range(CALIBRATION + 200):
            image, share, (top, left) = images[i % len(images)], rng.uniform(0.7, 1), rng.uniform(0, 1, 2)
            height, width = (int(share * d) for d in image.shape[:2])
            top, left = int(top * (image.shape[0] - height)), int(left * (image.shape[1] - width))
            cuts.append(bilinear(image[top:top + height, left:left + width]))
        return np.stack(cuts)

    return data.kept("plate_cuts", made)


def plate_labels(data):
    """The names of the files begin as the classes do."""
    with open(data.path("models/license_plate/retrained_labels.txt")) as f:
        first = [line[0] for line in f]
    classes = [first.index(os.path.basename(path)[0]) for path in plate_files(data)]
    return np.array([classes[i % len(classes)] for i in range(CALIBRATION, CALIBRATION + 200)])


def some(n, total=10000):
    return np.random.default_rng(3).permutation(total)[:n]


def cepstra(data):
    """Smooth random cepstra; of each class at most 200, as MLPerf's own file answers: of plain noise it says one word."""
    def made():
        from ai_edge_litert.interpreter import Interpreter

        model = Interpreter(data.path(networks.KWS + "_float32.tflite"))
        model.allocate_tensors()
        begin, end = model.get_input_details()[0]["index"], model.get_output_details()[0]["index"]
        rng, time = np.random.default_rng(5), np.linspace(0, 11, 49)
        at = np.minimum(time.astype(int), 10)
        part, kept, counts = (time - at)[:, None], [], np.zeros(12, int)
        while len(kept) < CALIBRATION + 1000:
            knots = rng.normal(size=(12, 10)) * rng.uniform(6, 30) / np.sqrt(1 + np.arange(10))
            knots[:, 0] = 30 * rng.normal(size=12) - 60
            x = (knots[at] * (1 - part) + knots[at + 1] * part).astype(np.float32)[..., None]
            model.set_tensor(begin, x[None])
            model.invoke()
            word = model.get_tensor(end)[0].argmax()
            if counts[word] < 200:
                counts[word] += 1
                kept.append(x)
        return np.stack(kept)[rng.permutation(len(kept))]

    return data.kept("cepstra", made)


CASES = [
    Case("MobileNet v1 0.25 128", "models/mobilenet_v1_0.25_128/frozen_graph.pb", photos,
         "photos: the first 100 of `data/imagenet` for calibration, the other 400 judged; central crop 0.875, bilinear, x/127.5 − 1",
         lambda data: data.photo_labels()[CALIBRATION:], frozen_graph("input", "MobilenetV1/Predictions/Reshape_1"),
         ("input", "MobilenetV1/Predictions/Reshape_1")),
    Case("conv_fc_mnist", networks.QUANTIZER + "conv_fc_mnist.tflite", lambda data: networks.mnist(False)(data)[some(1100)],
         "seeded images of MNIST's test set: 100 for calibration, 1,000 judged", lambda data: networks.digits(data)[some(1100)][CALIBRATION:]),
    Case("ResNet-8", "models/mlperf_tiny/image_classification/pretrainedResnet.h5", lambda data: networks.cifar(False)(data)[some(600)],
         "seeded images of CIFAR-10's test set: 100 for calibration, 500 judged", lambda data: data.cifar_labels()[some(600)][CALIBRATION:], keras),
    Case("license plates", "models/license_plate/retrained_graph.pb", plates,
         "seeded cuts of the nine photos: 100 for calibration, 200 judged", plate_labels, frozen_graph("input", "final_result"), ("input", "final_result")),
    Case("DS-CNN", "models/mlperf_tiny/keyword_spotting/kws_ref_model", cepstra,
         "seeded smooth cepstra, at most 200 of each class by MLPerf's own `.tflite`: 100 for calibration, 1,000 judged", None, saved_model),
]


def our_float_model(case, data, theirs, folder, program):
    """A graph that toucanet reads is converted by it; a finished .tflite, the source's or TensorFlow's, is taken as it is."""
    if not case.ends:
        return data.path(case.source) if case.source.endswith(".tflite") else theirs["float32"]
    path = os.path.join(folder, "float32.tflite")
    subprocess.run([program, "convert", data.path(case.source), "-o", path, "--inputs", case.ends[0], "--outputs", case.ends[1], "--quiet"], check=True)
    return path
