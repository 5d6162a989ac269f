#!/usr/bin/env python3
"""Time and memory of running models on one thread, beside LiteRT with its default delegate (XNNPACK).

Each interpreter has a process of its own, pinned to one core; the two take turns, with the same file
and the same inputs. Figures are medians over the turns. `fresh` is loading, planning and the first run;
`arena` is what non-constant tensors span (LiteRT's without delegates); `resident` is VmRSS after the runs,
less that of the process before it loaded the model.
"""
import argparse
import importlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "toucanet" / "bench"
SHARED = pathlib.Path(os.environ.get("TOUCANET_SHARED", ROOT / "../shared"))
ORACLE = pathlib.Path(os.environ.get("TOUCANET_ORACLE_DIR", ROOT / ".oracle"))

# name, type, maker's arguments or a file of ../shared/models
MODELS = [
    ("MobileNet v1 1.0 224", "float32", ("float", 1.0, 224)),
    ("MobileNet v1 1.0 224", "int8", ("int8", 1.0, 224)),
    ("MobileNet v1 0.25 128", "float32", ("float", 0.25, 128)),
    ("MobileNet v1 0.25 128", "int8", ("int8", 0.25, 128)),
    ("DeepLab v3 257", "float32", "tflite_support/deeplabv3.tflite"),
    ("MoveNet Lightning", "int8", "coral/movenet_single_pose_lightning_ptq.tflite"),
    ("ResNet-8", "float32", "mlperf_tiny/image_classification/pretrainedResnet.tflite"),
    ("ResNet-8", "int8", "mlperf_tiny/image_classification/pretrainedResnet_quant.tflite"),
    ("DS-CNN", "float32, int8 weights", "mlperf_tiny/keyword_spotting/kws_ref_model_float32.tflite"),
    ("DS-CNN", "int8", "mlperf_tiny/keyword_spotting/kws_ref_model.tflite"),
]

# Run by TensorFlow's Python: the int8 twin of MobileNet, calibrated on noise. Random weights of a variance
# that neither damps nor amplifies what passes through.
MAKE_INT8 = """
import sys
import numpy as np
import tensorflow as tf
target, width, size = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
tf.keras.utils.set_random_seed(1)
model = tf.keras.applications.MobileNet(input_shape=(size, size, 3), alpha=width, weights=None, classes=1001)
random = np.random.default_rng(1)
for layer in model.layers:
    if "Conv2D" in type(layer).__name__:
        first, *rest = layer.get_weights()
        fan_in = np.prod(first.shape[:2]) * (1 if "Depthwise" in type(layer).__name__ else first.shape[2])
        layer.set_weights([random.standard_normal(first.shape) * np.sqrt(2 / fan_in), *rest])
def samples():
    for _ in range(8):
        yield [random.uniform(-1, 1, (1, size, size, 3)).astype(np.float32)]
converter = tf.lite.TFLiteConverter.from_keras_model(model)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = samples
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
converter.inference_input_type = converter.inference_output_type = tf.int8
with open(target, "wb") as f:
    f.write(converter.convert())
"""


# --- a process that measures one interpreter --------------------------------------------------

def resident():
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) * 1024 for line in f if line.startswith("VmRSS"))


def interpreter(who, path):
    if who == "toucanet":
        from toucanet.lite import Interpreter
        return Interpreter(model_path=path, num_threads=1)
    from ai_edge_litert.interpreter import Interpreter, OpResolverType
    if who == "plain":
        return Interpreter(model_path=path, num_threads=1,
                           experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    return Interpreter(model_path=path, num_threads=1)


def measure(who, path, seconds):
    import numpy as np
    importlib.import_module("toucanet.lite" if who == "toucanet" else "ai_edge_litert.interpreter")
    before, start = resident(), time.perf_counter()
    m = interpreter(who, path)
    m.allocate_tensors()
    random = np.random.default_rng(0)
    for d in m.get_input_details():
        x = random.uniform(-1, 1, d["shape"]) if d["dtype"] == np.float32 else random.integers(0, 127, d["shape"])
        m.set_tensor(d["index"], x.astype(d["dtype"]))
    m.invoke()
    result = {"fresh": time.perf_counter() - start}
    if who == "plain":
        return {"arena": span(m)}
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        m.invoke()
        times.append(time.perf_counter() - start)
    result |= {"run": statistics.median(times), "resident": resident() - before}
    if who == "toucanet":
        result["arena"] = m._model.arena_bytes(0)
    return result


def span(m):
    """Bytes from the first to the last of the tensors that are written when running; some lie far from the arena."""
    written = {d["index"] for d in m.get_input_details()}
    for op in m._get_ops_details():
        written |= {int(i) for i in op["outputs"]}
    places = []
    for d in m.get_tensor_details():
        if d["index"] not in written:
            continue
        try:
            x = m.tensor(d["index"])()
        except ValueError:  # never allocated
            continue
        at = x.__array_interface__["data"][0]
        places.append((at, at + x.nbytes))
    far = max(behind - at for at, behind in places)
    total, end = 0, 0
    for at, behind in sorted(places):
        total += behind - (end if at - end < far else at) if behind > end else 0
        end = max(end, behind)
    return total


# --- models -----------------------------------------------------------------------------------

def model(source, args):
    """The file, made if it is not there; None where it cannot be had."""
    if isinstance(source, str):
        path = SHARED / "models" / source
        return path if path.exists() else None
    kind, width, size = source
    path = CACHE / f"mobilenet_{width}_{size}_{kind}.tflite"
    if path.exists():
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    if kind == "int8":
        if not args.oracle.exists():
            return None
        subprocess.run([args.oracle, "-c", MAKE_INT8, part, str(width), str(size)], check=True, stderr=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
    else:
        folder = path.with_suffix("")
        subprocess.run([sys.executable, ROOT / "demo/make_mobilenet.py", "--width", str(width), "--resolution", str(size),
                        "-o", folder], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([args.toucanet, "convert", folder / "frozen_graph.pb", "-o", part, "--outputs",
                        "MobilenetV1/Predictions/Reshape_1", "--no-verify", "--quiet"], check=True)
    os.replace(part, path)
    return path


def worker(who, path, args):
    python = sys.executable if who == "toucanet" else args.oracle
    command = [python, __file__, "--worker", who, path, "--seconds", str(args.seconds)]
    p = subprocess.run([str(c) for c in command], capture_output=True, text=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
    if p.returncode:
        raise RuntimeError((p.stderr.strip().splitlines() or ["it failed"])[-1][:160])
    return json.loads(p.stdout.strip().splitlines()[-1])


def bench(path, args):
    turns = {"toucanet": [], "litert": []}
    for _ in range(args.turns):
        for who, results in turns.items():
            results.append(worker(who, path, args))
    figures = {who: {key: statistics.median(r[key] for r in results) for key in results[0]} for who, results in turns.items()}
    figures["litert"]["arena"] = worker("plain", path, args)["arena"]
    ratios = [a["run"] / b["run"] for a, b in zip(*turns.values())]  # of neighbours in time
    return figures | {"ratio": statistics.median(ratios)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--toucanet", default=os.environ.get("TOUCANET", ROOT / ".venv/bin/toucanet"))
    parser.add_argument("--oracle", type=pathlib.Path, default=ORACLE / "tf221/bin/python", help="a Python with TensorFlow and LiteRT")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5, help="of running in each turn")
    parser.add_argument("--only", default="", help="models whose name holds this")
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path, help="write the figures to this file")
    args = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {args.core if args.core in os.sched_getaffinity(0) else min(os.sched_getaffinity(0))})
    if args.worker:
        print(json.dumps(measure(*args.worker, args.seconds)))
        return
    print(f"{'':<24}{'':<23}{'run, ms':>17}{'ratio':>7}{'fresh, ms':>18}{'arena, kB':>17}{'resident, MB':>15}")
    everything = []
    for name, kind, source in MODELS:
        if args.only.lower() not in f"{name} {kind}".lower():
            continue
        path = model(source, args)
        if not path:
            print(f"{name:<24}{kind:<23}  is not there")
            continue
        try:
            r = bench(path, args)
        except RuntimeError as e:
            print(f"{name:<24}{kind:<23}  {e}")
            continue
        a, b = r["toucanet"], r["litert"]
        print(f"{name:<24}{kind:<23}{a['run'] * 1e3:>8.3f} {b['run'] * 1e3:>8.3f}{r['ratio']:>7.2f}{a['fresh'] * 1e3:>9.1f}{b['fresh'] * 1e3:>9.1f}"
              f"{a['arena'] / 1e3:>8.0f} {b['arena'] / 1e3:>8.0f}{a['resident'] / 1e6:>8.1f}{b['resident'] / 1e6:>7.1f}", flush=True)
        everything.append({"model": name, "type": kind, **r})
    print("each pair: toucanet, LiteRT")
    if args.json:
        args.json.write_text(json.dumps(everything, indent=1) + "\n")


if __name__ == "__main__":
    main()
