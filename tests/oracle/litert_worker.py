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
    known = runner.get_input_details()
    feeds = {}
    for i, tensor in enumerate(request['inputs']):
        if tensor['name'] in known:
            feeds[tensor['name']] = arrays[f'in_{i}']
        else:
            return {'status': 'wrong', 'message': f"the signature has no input {tensor['name']}"}
    results = runner(**feeds)
    largest = 0.0
    for i, tensor in enumerate(request['outputs']):
        if tensor['name'] not in results:
            return {'status': 'wrong', 'message': f"the signature has no output {tensor['name']}"}
        message, gap = compare.difference(results[tensor['name']], arrays[f'out_{i}'], request['compare'])
        largest = max(largest, gap or 0.0)
        if message:
            return {'status': 'wrong', 'message': f"{tensor['name']}: {message}", 'difference': gap}
    return {'status': 'right', 'difference': largest}


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
