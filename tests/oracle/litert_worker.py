"""Runs .tflite files in LiteRT, one request a line on stdin: a crash here is a result."""

import json
import os
import sys

import numpy as np

import compare

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')


def run(interpreters, request):
    module, resolver = interpreters
    arrays = np.load(request['npz'])
    with open(request['model'], 'rb') as f:
        model = f.read()
    interpreter = module.Interpreter(model_content=model, num_threads=1, experimental_op_resolver_type=resolver)
    runner = interpreter.get_signature_runner('serving_default')
    known, made = runner.get_input_details(), runner.get_output_details()
    del runner  # the interpreter refuses to be resized while somebody else holds it
    feeds = {}
    for i, tensor in enumerate(request['inputs']):
        if tensor['name'] not in known:
            return {'status': 'wrong', 'message': f"the signature has no input {tensor['name']}"}
        feeds[known[tensor['name']]['index']] = arrays[f'in_{i}']
        if list(known[tensor['name']]['shape']) != list(arrays[f'in_{i}'].shape):
            interpreter.resize_tensor_input(known[tensor['name']]['index'], arrays[f'in_{i}'].shape)
    interpreter.allocate_tensors()
    for index, value in feeds.items():
        if value.size:
            interpreter.set_tensor(index, value)
    interpreter.invoke()
    largest = 0.0
    for i, tensor in enumerate(request['outputs']):
        if tensor['name'] not in made:
            return {'status': 'wrong', 'message': f"the signature has no output {tensor['name']}"}
        want = arrays[f'out_{i}']
        got = read(interpreter, made[tensor['name']], want)
        message, gap = compare.difference(got, want, request['compare'])
        largest = max(largest, gap or 0.0)
        if message:
            return {'status': 'wrong', 'message': f"{tensor['name']}: {message}", 'difference': gap}
    return {'status': 'right', 'difference': largest}


def read(interpreter, detail, want):
    """LiteRT's Python cannot read a tensor without elements: its shape has to do."""
    if want.size == 0:
        now = next(d for d in interpreter.get_output_details() if d['index'] == detail['index'])
        if 0 in now['shape']:
            return np.zeros(now['shape'], now['dtype'])
    return interpreter.get_tensor(detail['index'])


def main():
    answers = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)  # whatever a library prints is not an answer
    from ai_edge_litert import interpreter as module
    kinds = module.OpResolverType
    resolver = kinds.BUILTIN if sys.argv[1:] == ['default'] else kinds.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    for line in sys.stdin:
        try:
            answer = run((module, resolver), json.loads(line))
        except Exception as error:
            answer = {'status': 'litert-rejects', 'message': ' '.join(str(error).split())[:300]}
        answers.write(json.dumps(answer) + '\n')
        answers.flush()


if __name__ == '__main__':
    main()
