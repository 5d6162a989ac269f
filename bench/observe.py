#!/usr/bin/env python3
"""Time of observing MobileNet v1 0.25 128 on 100 photos: toucanet calibrate beside TensorFlow's calibrator.

Each turn runs, in processes of their own on one core: our float model on the photos, `toucanet calibrate` (the whole
command), LiteRT's float run without delegate, as TensorFlow's calibrator runs it, and TensorFlow's converter for int8 and
int16x8, of which the time counts in which it takes samples. Figures are medians of the turns, in processor time, which
other programs disturb least.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = os.environ.get("TOUCANET_SHARED", str(ROOT / "../shared"))
CACHE = os.path.expanduser(os.environ.get("TOUCANET_CACHE", "~/.cache/toucanet"))
ORACLE = pathlib.Path(os.environ.get("TOUCANET_ORACLE_DIR", ROOT / ".oracle"))
GRAPH = os.path.join(SHARED, "models/mobilenet_v1_0.25_128/frozen_graph.pb")
ENDS = "input", "MobilenetV1/Predictions/Reshape_1"


# --- processes that measure -------------------------------------------------------------------

def floats(who, model, photos):
    if who == "toucanet":
        from toucanet.lite import Interpreter
        m = Interpreter(model_path=model, num_threads=1)
    else:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType
        m = Interpreter(model_path=model, num_threads=1, experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    start = time.process_time()
    m.allocate_tensors()
    at = m.get_input_details()[0]["index"]
    for photo in photos:
        m.set_tensor(at, photo[None])
        m.invoke()
    return time.process_time() - start


def tensorflow(mode, photos):
    """Seconds in which the converter takes samples; it may take them all more than once."""
    import tensorflow as tf

    spent = []

    def samples():
        start = time.process_time()
        for photo in photos:
            yield [photo[None]]
        spent.append(time.process_time() - start)

    converter = tf.compat.v1.lite.TFLiteConverter.from_frozen_graph(GRAPH, [ENDS[0]], [ENDS[1]], {ENDS[0]: [1, 128, 128, 3]})
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    if mode == "int16x8":
        converter.target_spec.supported_ops = [tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    converter.convert()
    return sum(spent)


def photos_of_the_judge(path):
    import numpy as np

    sys.path[:0] = [str(ROOT / "tests/conformance")]
    import networks
    import quantized_networks

    np.save(path, quantized_networks.photos(networks.Data(SHARED, CACHE))[:quantized_networks.CALIBRATION])


def work(what, model, npy):
    if what == "photos":
        return photos_of_the_judge(npy)
    import numpy as np

    photos = np.load(npy)
    return tensorflow(what, photos) if what.startswith("int") else floats(what, model, photos)


# --- turns ------------------------------------------------------------------------------------

def ask(python, *words):
    done = subprocess.run([str(python), __file__, "--work", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
    if done.returncode:
        sys.exit((done.stderr.strip().splitlines() or ["it failed"])[-1])
    return json.loads(done.stdout.strip().splitlines()[-1])


def calibrate(program, model, npy, folder, *more):
    def children():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    calib, before = os.path.join(folder, "observed.calib"), children()
    subprocess.run([program, "calibrate", model, "--data", npy, "-o", calib, "--quiet", *more], check=True)
    os.remove(calib)
    return children() - before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--toucanet", default=os.environ.get("TOUCANET", str(ROOT / ".venv/bin/toucanet")))
    parser.add_argument("--python", default=os.environ.get("TOUCANET_PYTHON", sys.executable), help="a Python that has toucanet")
    parser.add_argument("--oracle", default=ORACLE / "tf221/bin/python", help="a Python with TensorFlow and LiteRT")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--core", type=int, default=1)
    args = parser.parse_args()
    if args.work:
        return print(json.dumps(work(*args.work)))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {args.core if args.core in os.sched_getaffinity(0) else min(os.sched_getaffinity(0))})
    if not os.path.exists(GRAPH) or not os.path.exists(args.oracle):
        return print(f"skipped: {GRAPH} or {args.oracle} is not there")
    with tempfile.TemporaryDirectory() as folder:
        model, npy = os.path.join(folder, "float32.tflite"), os.path.join(folder, "photos.npy")
        ask(args.oracle, "photos", model, npy)
        subprocess.run([args.toucanet, "convert", GRAPH, "-o", model, "--inputs", ENDS[0], "--outputs", ENDS[1], "--quiet", "--no-verify"], check=True)
        measures = {
            "our float run": lambda: ask(args.python, "toucanet", model, npy),
            "toucanet calibrate": lambda: calibrate(args.toucanet, model, npy, folder),
            "  start and a photo": lambda: calibrate(args.toucanet, model, npy, folder, "--shard", "1/100"),
            "LiteRT's float run": lambda: ask(args.oracle, "litert", model, npy),
            "TensorFlow, int8": lambda: ask(args.oracle, "int8", model, npy),
            "TensorFlow, int16x8": lambda: ask(args.oracle, "int16x8", model, npy),
        }
        times = {what: [] for what in measures}
        for _ in range(args.turns):
            for what, measure in measures.items():
                times[what].append(measure())
    for i, (what, seconds) in enumerate(times.items()):
        of = times["our float run" if i < 3 else "LiteRT's float run"]
        ratio = statistics.median(a / b for a, b in zip(seconds, of))  # of neighbours in time
        print(f"{what:<20}{statistics.median(seconds) * 1e3:>9.1f} ms for 100 photos   {ratio:.2f} of a float run")
    print("toucanet observes once for both modes")


if __name__ == "__main__":
    main()
