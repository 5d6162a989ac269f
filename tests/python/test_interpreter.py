"""The interpreter does what TensorFlow 2.15.1's or LiteRT 2.3.0's does (interpreter_messages.json), and what it adds to them."""
import gc
import json
import os
import re
import threading

import interpreter_misuse as cases
import numpy as np
import pytest
from toucanet.lite.interpreter import Interpreter, InterpreterWithCustomOps, OpResolverType

with open(os.path.join(os.path.dirname(__file__), "interpreter_messages.json")) as f:
    RECORDED = json.load(f)
# Where ours is another answer on purpose: case -> (pattern of it, why).
OWN = {
    "content as text": ("TypeError: model_content must be bytes, it is str", "theirs is the signature of a C++ function"),
    "resize to a negative dimension": (r"RuntimeError: a dimension of \[1, -2\] is negative", "theirs names their source file, after an overflow"),
    "resize a negative index": (r"RuntimeError: tensor -1 is not an input", "theirs names their source file"),
    "resize to what does not fit": (r"RuntimeError: TN1203: fully_connected: x has 5 features, w expects 4 \(at dense\)",
                                    "TensorFlow reads 4 of the 5, LiteRT names its delegate"),
    "get after a resize": ("ValueError: Tensor data is null. Run allocate_tensors", "theirs is memory of the old shape"),
}
HELD = "at least 1 reference to internal data"


def stripped(outcome):
    """Without what differs between their releases: source lines, and how many tensors their runtime has added."""
    kind, text = outcome
    return kind, re.sub(r"max tensor index \d+", "max tensor index N", re.sub(r"^\S+\.cc(:\d+)? ", "", text))


def ready(name="dense", **more):
    return cases.ready(Interpreter, name, **more)


def run(m, *values):
    for d, v in zip(m.get_input_details(), values):
        m.set_tensor(d["index"], v)
    m.invoke()
    return m.get_tensor(cases.last(m))


def test_every_case_is_recorded_of_both():
    assert [set(r) for r in RECORDED.values()] == [set(cases.CASES)] * 2
    assert set(OWN) <= set(cases.CASES)


@pytest.mark.parametrize("case", sorted(cases.CASES))
def test_use_and_misuse_give_what_tensorflow_or_litert_gives(case):
    ours = cases.outcome(case, Interpreter, OpResolverType)
    theirs = [stripped(r[case]) for r in RECORDED.values()]
    if case in OWN:
        assert re.match(OWN[case][0], ": ".join(ours))
        assert stripped(ours) not in theirs, "ours is theirs: no exception any more"
    else:
        assert stripped(ours) in theirs


@pytest.mark.parametrize("resolver", list(OpResolverType))
def test_every_resolver_gives_the_same(resolver):
    assert np.allclose(run(ready(experimental_op_resolver_type=resolver), cases.X), run(ready(), cases.X), atol=1e-6)


def test_path_and_content_give_the_same_and_content_may_go():
    with open(cases.path("dense"), "rb") as f:
        content = f.read()
    m = Interpreter(model_content=content)
    del content
    gc.collect()
    m.allocate_tensors()
    assert run(m, cases.X).tolist() == run(ready(), cases.X).tolist()


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_content_may_be_any_kind_of_bytes(kind):
    with open(cases.path("dense"), "rb") as f:
        m = Interpreter(model_content=kind(f.read()))
    m.allocate_tensors()
    assert run(m, cases.X).shape == (1, 3)


def test_a_path_may_be_an_object(tmp_path):
    copy = tmp_path / "m.tflite"
    with open(cases.path("dense"), "rb") as f:
        copy.write_bytes(f.read())
    m = Interpreter(model_path=copy)
    m.allocate_tensors()
    assert run(m, cases.X).shape == (1, 3)


@pytest.mark.parametrize("cut", [0, 3, 8, 60, 400, 899])
def test_a_file_cut_short_is_a_value_error(cut):
    with open(cases.path("dense"), "rb") as f:
        content = f.read()[:cut]
    with pytest.raises(ValueError) as caught:
        Interpreter(model_content=content)
    assert caught.value.errors


def test_a_view_is_the_tensors_memory():
    m = ready()
    x = m.tensor(cases.first(m))
    x()[:] = 2
    assert m.get_tensor(cases.first(m)).tolist() == [[2, 2, 2, 2]]
    m.invoke()
    y = m.tensor(cases.last(m))
    assert y().tolist() == m.get_tensor(cases.last(m)).tolist()
    m.invoke()  # functions may be held


def test_a_view_outlives_the_interpreter():
    m = ready()
    m.tensor(cases.first(m))()[:] = 3
    view = m.tensor(cases.first(m))()
    del m
    gc.collect()
    assert view.tolist() == [[3, 3, 3, 3]]


def test_part_of_a_view_counts_as_a_view():
    m = ready()
    part = m.tensor(cases.first(m))()[0, 1:]
    for call in (m.invoke, m.allocate_tensors, lambda: m.resize_tensor_input(cases.first(m), [2, 4])):
        with pytest.raises(RuntimeError, match=HELD):
            call()
    del part
    m.invoke()


def test_get_tensor_is_a_copy():
    m = ready()
    y = run(m, cases.X)
    kept = y.copy()
    run(m, -cases.X)
    assert y.tolist() == kept.tolist() != m.get_tensor(cases.last(m)).tolist()


def test_a_resize_can_be_taken_back():
    m = ready()
    one = run(m, cases.X)
    for rows in (5, 1, 3):
        m.resize_tensor_input(cases.first(m), [rows, 4])
        m.allocate_tensors()
        assert np.allclose(run(m, np.repeat(cases.X, rows, 0)), np.repeat(one, rows, 0))


def test_tensors_between_are_kept_when_asked_for():
    m = ready(experimental_preserve_all_tensors=True)
    y = run(m, cases.X)
    dense, relu = m.get_tensor(3), m.get_tensor(4)
    assert np.array_equal(np.maximum(dense, 0), relu)
    e = np.exp(relu - relu.max())
    assert np.allclose(e / e.sum(), y, atol=1e-6)


def test_results_do_not_depend_on_the_number_of_threads():
    def of(n):
        m = Interpreter(model_path=cases.path("dense"), num_threads=n)
        m.resize_tensor_input(cases.first(m), [257, 4])
        m.allocate_tensors()
        return run(m, np.random.default_rng(0).normal(size=(257, 4)).astype(np.float32)).tobytes()

    assert len({of(n) for n in (1, 2, 3, 8)}) == 1


def twice(options, operands):
    assert options == b"factor 2"
    return [operands[0] * np.float32(2)]


def with_twice(f=twice):
    return ready("custom", custom_operators={"Twice": f})


def test_a_custom_operator_is_a_function_of_arrays():
    assert run(with_twice(), np.float32([3, -1])).tolist() == [7, -1]


@pytest.mark.parametrize(
    "f, said",
    [
        (lambda o, x: 1 / 0, "division by zero"),
        (lambda o, x: [], "results?"),
        (lambda o, x: [x[0], x[0]], "results?"),
        (lambda o, x: None, "."),
        (lambda o, x: [x[0].astype(np.float64)], "f64|float64"),
        (lambda o, x: ["text"], "."),
    ],
    ids=["raises", "no result", "two results", "None", "another type", "no array"],
)
def test_a_custom_operator_that_fails_is_a_runtime_error(f, said):
    m = with_twice(f)
    with pytest.raises(RuntimeError, match=said) as caught:
        run(m, np.float32([1, 2]))
    assert caught.value.errors


def test_a_custom_operator_may_fail_once():
    calls = []

    def sometimes(options, operands):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("not today")
        return twice(options, operands)

    m = with_twice(sometimes)
    with pytest.raises(RuntimeError, match="not today"):
        run(m, np.float32([1, 2]))
    assert run(m, np.float32([1, 2])).tolist() == [3, 5]


def test_custom_operators_are_given_up_with_the_interpreter():
    class Function:
        def __call__(self, options, operands):
            return twice(options, operands)

    gone = []
    function = Function()
    import weakref

    weakref.finalize(function, gone.append, True)
    m = with_twice(function)
    del function
    run(m, np.float32([1, 2]))
    assert not gone
    del m
    gc.collect()
    assert gone


def test_the_gil_is_released_while_a_model_runs():
    """Two models wait for each other inside their custom operators: with the GIL held neither would go on."""
    meeting = threading.Barrier(2, timeout=20)

    def meet(options, operands):
        meeting.wait()
        return twice(options, operands)

    results = {}

    def work(k):
        results[k] = run(with_twice(meet), np.float32([k, k])).tolist()

    threads = [threading.Thread(target=work, args=(k,)) for k in (1, 2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(30)
    assert results == {1: [3, 3], 2: [5, 5]}


def test_interpreters_in_several_threads_do_not_disturb_each_other():
    feeds = np.random.default_rng(1).normal(size=(4, 1, 4)).astype(np.float32)
    wanted = [run(ready(), x).tobytes() for x in feeds]
    wrong = []

    def work(k):
        m = ready(num_threads=1 + k % 2)
        for _ in range(200):
            if run(m, feeds[k]).tobytes() != wanted[k]:
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_variables_are_kept_between_runs_and_reset():
    m = ready("counter")
    assert [float(run(m, np.float32([2]))[0]) for _ in range(3)] == [2, 4, 6]
    m.reset_all_variables()
    assert float(run(m, np.float32([5]))[0]) == 5


def test_variables_belong_to_one_interpreter():
    a, b = ready("counter"), ready("counter")
    run(a, np.float32([2]))
    assert float(run(b, np.float32([1]))[0]) == 1


def test_a_branch_is_taken():
    m = ready("branches")
    assert run(m, np.bool_(True), np.float32([1, 2])).tolist() == [11, 12]
    assert run(m, np.bool_(False), np.float32([1, 3])).tolist() == [1, 9]


@pytest.mark.parametrize("words", [[b"", b""], ["text", "zwei ä"], [b"\x00a\x00", b"long " * 200]])
def test_strings_come_back_as_bytes(words):
    m = ready("words")
    a, b = m.get_input_details()
    m.set_tensor(a["index"], np.array(words, object))
    m.set_tensor(b["index"], np.array(words[::-1], object))
    m.invoke()
    column, equal = (m.get_tensor(d["index"]) for d in m.get_output_details())
    wanted = [w if isinstance(w, bytes) else w.encode() for w in words]
    assert column.tolist() == [[w] for w in wanted]
    assert equal.tolist() == [words[0] == words[1]] * 2


def test_an_operator_that_is_not_there_for_strings_is_refused_at_load():
    with pytest.raises(ValueError, match="TILE: it is not there for string"):
        Interpreter(model_path=cases.path("repeated_words"))


def test_runners_share_their_interpreter():
    m = Interpreter(model_path=cases.path("signatures"))
    add, multiply = m.get_signature_runner("add"), m.get_signature_runner("multiply")
    for k in range(3):
        assert add(x=np.float32([k, 1]))["result"].tolist() == [k + 10, 11]
        assert multiply(x=np.float32([k, 1]), y=np.float32([2, 2]))["product"].tolist() == [2 * k, 2]


def test_registerers_are_said_not_to_be_called():
    with pytest.warns(UserWarning, match="custom_operators"):
        InterpreterWithCustomOps(custom_op_registerers=["Register"], model_path=cases.path("dense"))
