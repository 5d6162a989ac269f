"""Records what TensorFlow 2.15.1 says to each misuse: /opt/tf215/bin/python tests/python/record_messages.py"""
import json
import os
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import misuse  # noqa: E402
import tensorflow as tf  # noqa: E402

v1, v2 = tf.compat.v1.lite.TFLiteConverter(None, None, None), tf.lite.TFLiteConverter([])
out = {"tensorflow": tf.__version__, "cases": {}, "defaults": {}}
for converter in (v2, v1):  # where both have it, TensorFlow 1's default counts: it is what from_frozen_graph gives
    for name, value in vars(converter).items():
        if name.startswith("_experimental_") or not name.startswith("_"):
            out["defaults"][name] = "TargetSpec" if name == "target_spec" else repr(value)
with tempfile.TemporaryDirectory() as d:
    misuse.write_files(d)
    for name, case in misuse.CASES.items():
        try:
            case(tf, d)
            out["cases"][name] = None
        except Exception as e:  # noqa: BLE001
            kind = next(t for t in type(e).__mro__ if t.__module__ == "builtins" or t.__name__ == "ConverterError")
            out["cases"][name] = [kind.__name__, str(e).replace(d, "{dir}")]
        print(name, "->", out["cases"][name], file=sys.stderr)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "messages.json"), "w") as f:
    json.dump(out, f, indent=1, sort_keys=True)
    f.write("\n")
