"""LiteRT in a process of its own: requests on stdin, answers on stdout, one line of JSON each.

As a module: `Worker`, which starts that process, asks it and survives its death.
"""

import json
import os
import select
import subprocess
import sys

import numpy as np


def plain(name):
    return name[:-2] if name.endswith(":0") else name


def fit(value, dtype):
    """The value in the type the .tflite wants, where the kind of number stays the same."""
    kinds = {value.dtype.kind, np.dtype(dtype).kind}
    if value.dtype == dtype or not (kinds == {"f"} or kinds <= {"i", "u"}):
        return value
    return value.astype(dtype)


def run(interpreter, runner, feed):
    """The outputs by signature name. LiteRT's Python cannot hand over an empty output: its shape says all of it."""
    try:
        return runner(**feed)
    except ValueError as error:
        if "Invalid tensor size" not in str(error):
            raise
    results = {}
    for key, detail in runner.get_output_details().items():
        empty = 0 in detail["shape"]
        results[key] = np.zeros(detail["shape"], detail["dtype"]) if empty else interpreter.get_tensor(detail["index"])
    return results


def answer(request):
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    resolver = OpResolverType.AUTO if request["delegates"] else OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = Interpreter(model_path=request["model"], experimental_op_resolver_type=resolver, num_threads=1)
    if "serving_default" not in interpreter.get_signature_list():
        raise ValueError("no signature serving_default")
    runner = interpreter.get_signature_runner("serving_default")
    with np.load(request["inputs"]) as file:
        given = {name: file[f"i{k}"] for k, name in enumerate(request["input_names"])}
    feed, types = {}, {}
    for key, detail in runner.get_input_details().items():
        if plain(key) not in given:
            raise ValueError(f"the signature asks for an input {key} that was not named")
        feed[key] = fit(given[plain(key)], detail["dtype"])
        types[plain(key)] = np.dtype(detail["dtype"]).name
    results = {plain(key): value for key, value in run(interpreter, runner, feed).items()}
    missing = [name for name in request["output_names"] if plain(name) not in results]
    if missing:
        raise ValueError("the signature has no output " + ", ".join(missing))
    np.savez(request["result"], **{f"o{k}": results[plain(n)] for k, n in enumerate(request["output_names"])})
    return {"error": "", "inputs": types, "unused": sorted(set(given) - set(types))}


class Worker:
    """One LiteRT process; a new one after a crash or a timeout."""

    def __init__(self, timeout=60):
        self.timeout, self.process = timeout, None

    def ask(self, request):
        """The answer; {"crashed": reason} where the process died or did not answer."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, os.path.abspath(__file__)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            )
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            ready, _, _ = select.select([self.process.stdout], [], [], self.timeout)
            line = self.process.stdout.readline() if ready else None
        except BrokenPipeError:
            line = ""
        if line:
            return json.loads(line)
        self.close()
        return {"crashed": "no answer in time" if line is None else "the LiteRT process died"}

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def main():
    channel = os.fdopen(os.dup(1), "w")  # LiteRT prints to the real stdout
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            result = answer(json.loads(line))
        except Exception as error:
            result = {"error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(result), file=channel, flush=True)


if __name__ == "__main__":
    main()
