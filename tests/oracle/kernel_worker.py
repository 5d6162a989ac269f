"""Runs .tflite files in LiteRT or in Toucanet, one pickled request at a time on stdin: a crash here is a result.

A request is (resolver, model, samples); an answer holds one (outputs, error) a sample. `Worker` is the other side.
"""

import os
import pickle
import select
import struct
import subprocess
import sys

import numpy as np

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
SECONDS = 20


class Worker:
    """A process that is started again when it dies."""

    def __init__(self, runtime, python=sys.executable, script=__file__, seconds=SECONDS):
        self.command, self.seconds, self.process = [python, os.path.abspath(script), runtime], seconds, None

    def ask(self, resolver, model, samples):
        """One (outputs, error) a sample; a crash is asked again sample by sample, to find which."""
        answer = self.send((resolver, model, samples))
        if isinstance(answer, list):
            return answer
        if len(samples) == 1:
            return [(None, answer)]
        return [self.ask(resolver, model, [sample])[0] for sample in samples]

    def send(self, request):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            put(self.process.stdin, request)
            ready, _, _ = select.select([self.process.stdout], [], [], self.seconds)
            answer = get(self.process.stdout) if ready else None
        except BrokenPipeError:
            ready, answer = True, None
        if answer is not None:
            return answer
        if ready:
            self.process.wait()
        code = self.process.poll()
        self.close()
        return 'crash: no answer' if code is None else f'crash: signal {-code}' if code < 0 else f'crash: exit {code}'

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None


def put(stream, value):
    data = pickle.dumps(value)
    stream.write(struct.pack('<q', len(data)) + data)
    stream.flush()


def get(stream):
    head = stream.read(8)
    if len(head) < 8:
        return None
    size = struct.unpack('<q', head)[0]
    data = stream.read(size)
    return pickle.loads(data) if len(data) == size else None


def through_interpreter(make, model, sample):
    """(outputs, error) by the API of tf.lite.Interpreter; the error says at which step it arose."""
    step = 'load'
    try:
        interpreter = make(model)
        details = interpreter.get_input_details()
        step = 'allocate'
        for detail, value in zip(details, sample):
            if list(detail['shape']) != list(value.shape):
                interpreter.resize_tensor_input(detail['index'], value.shape)
        interpreter.allocate_tensors()
        for detail, value in zip(details, sample):
            if value.size:
                interpreter.set_tensor(detail['index'], value)
        step = 'invoke'
        interpreter.invoke()
        return [read(interpreter, d) for d in interpreter.get_output_details()], None
    except Exception as error:
        return None, f'{step}: {" ".join(str(error).split())}'[:300]


def read(interpreter, detail):
    """LiteRT's Python cannot read a tensor without elements: its shape has to do."""
    if 0 in detail['shape']:
        return np.zeros(detail['shape'], detail['dtype'])
    return interpreter.get_tensor(detail['index'])


def litert():
    from ai_edge_litert import interpreter as module
    kinds = module.OpResolverType
    resolvers = {'ref': kinds.BUILTIN_REF, 'opt': kinds.BUILTIN_WITHOUT_DEFAULT_DELEGATES, 'xnn': kinds.BUILTIN}

    def run(resolver, model, sample):
        make = lambda m: module.Interpreter(model_content=m, num_threads=1, experimental_op_resolver_type=resolvers[resolver])
        return through_interpreter(make, model, sample)
    return run


def toucanet():
    from toucanet.lite import Interpreter
    from toucanet.lite.interpreter import OpResolverType as kinds
    resolvers = {'ref': kinds.BUILTIN_REF, 'fast': kinds.BUILTIN}

    def run(resolver, model, sample):
        make = lambda m: Interpreter(model_content=m, experimental_op_resolver_type=resolvers[resolver])
        return through_interpreter(make, model, sample)
    return run


def main():
    answers = os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)  # whatever a library prints is not an answer
    run = {'litert': litert, 'toucanet': toucanet}[sys.argv[1]]()
    while (request := get(sys.stdin.buffer)) is not None:
        resolver, model, samples = request
        put(answers, [run(resolver, model, sample) for sample in samples])


if __name__ == '__main__':
    main()
