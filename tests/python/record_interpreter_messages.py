"""Records what TensorFlow 2.15.1 or LiteRT 2.3.0, whichever this Python has, says in each case of interpreter_misuse.py."""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import interpreter_misuse  # noqa: E402

try:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    name = "ai-edge-litert 2.3.0"
except ImportError:
    import tensorflow as tf

    Interpreter, OpResolverType, name = tf.lite.Interpreter, tf.lite.experimental.OpResolverType, f"tensorflow {tf.__version__}"

path = os.path.join(HERE, "interpreter_messages.json")
recorded = {}
if os.path.exists(path):
    with open(path) as f:
        recorded = json.load(f)
recorded[name] = {case: interpreter_misuse.outcome(case, Interpreter, OpResolverType) for case in interpreter_misuse.CASES}
with open(path, "w") as f:
    json.dump(recorded, f, indent=1, sort_keys=True)
    f.write("\n")
