"""Runs .tflite files in LiteRT or in Toucanet, in a process of its own; `Worker` of ../oracle/kernel_worker.py asks.

A request is (resolver, (path, signature), samples): a signature's key, or None for the main subgraph; a sample is a list
of arrays in the order of the inputs (of a signature: by name). An answer holds one (outputs, error) a sample; outputs are a list of (name,
array). With samples [None] it says what the file takes and gives: {"inputs": [...], "outputs": [...], "signatures":
[...]} or an error text.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))

import kernel_worker  # noqa: E402
import numpy as np  # noqa: E402


def worker(runtime, python=sys.executable, seconds=60):
    return kernel_worker.Worker(runtime, python, __file__, seconds)


def makers(runtime):
    """Resolver name -> function that makes an interpreter of a file."""
    if runtime == "litert":
        from ai_edge_litert import interpreter as module

        kinds = module.OpResolverType
        types = {"ref": kinds.BUILTIN_REF, "opt": kinds.BUILTIN_WITHOUT_DEFAULT_DELEGATES, "xnn": kinds.BUILTIN}
    else:
        from toucanet.lite import interpreter as module

        types = {"ref": module.OpResolverType.BUILTIN_REF, "fast": module.OpResolverType.BUILTIN}
    return lambda resolver, path: module.Interpreter(model_path=path, num_threads=1, experimental_op_resolver_type=types[resolver])


def plain(detail):
    return {"name": detail["name"], "shape": [int(d) for d in detail["shape"]], "dtype": np.dtype(detail["dtype"]).name,
            "signature": [int(d) for d in detail["shape_signature"]], "quantization": detail["quantization"]}


def details(interpreter, signature):
    if signature is None:
        return interpreter.get_input_details(), interpreter.get_output_details()
    runner = interpreter.get_signature_runner(signature)
    return runner.get_input_details(), runner.get_output_details()


def describe(interpreter, signature):
    def plain_all(found):
        return [plain(d) for d in found] if signature is None else [plain(d) | {"key": key} for key, d in sorted(found.items())]

    inputs, outputs = map(plain_all, details(interpreter, signature))
    return {"inputs": inputs, "outputs": outputs, "signatures": sorted(map(str, interpreter.get_signature_list()))}


def run_main(interpreter, sample):
    inputs, outputs = details(interpreter, None)
    for detail, value in zip(inputs, sample):
        if list(detail["shape"]) != list(value.shape):
            interpreter.resize_tensor_input(detail["index"], value.shape)
    interpreter.allocate_tensors()
    for detail, value in zip(inputs, sample):
        if value.size:
            interpreter.set_tensor(detail["index"], value)
    interpreter.invoke()
    outputs = interpreter.get_output_details()
    return [(d["name"], kernel_worker.read(interpreter, d)) for d in outputs]


def run_signature(interpreter, signature, sample):
    runner = interpreter.get_signature_runner(signature)
    keys = sorted(runner.get_input_details())
    return sorted(runner(**dict(zip(keys, sample))).items())


def answer(make, resolver, path, signature, samples):
    """A new interpreter after an error: the old one may be half planned."""
    interpreter, answers = None, []
    for sample in samples:
        try:
            interpreter = interpreter or make(resolver, path)
            answers.append((run_main(interpreter, sample) if signature is None else run_signature(interpreter, signature, sample), None))
        except Exception as error:
            answers.append((None, " ".join(str(error).split())[:300] or type(error).__name__))
            interpreter = None
    return answers


def main():
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is not an answer
    make = makers(sys.argv[1])
    while (request := kernel_worker.get(sys.stdin.buffer)) is not None:
        resolver, (path, signature), samples = request
        if samples != [None]:
            kernel_worker.put(answers, answer(make, resolver, path, signature, samples))
            continue
        try:
            kernel_worker.put(answers, [(describe(make(resolver, path), signature), None)])
        except Exception as error:
            kernel_worker.put(answers, [(None, " ".join(str(error).split())[:300])])


if __name__ == "__main__":
    main()
