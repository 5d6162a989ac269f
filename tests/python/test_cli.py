"""The command line: verbs, exit codes, JSON, messages."""

import json
import pathlib
import struct
import subprocess
import sys

import numpy
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOUCANET = pathlib.Path(sys.executable).parent / "toucanet"
DIGITS = ROOT / "demo" / "digits" / "frozen_graph.pb"
TRAINING = ROOT / "demo" / "digits" / "training_graph.pb"

pytestmark = pytest.mark.skipif(not TOUCANET.exists(), reason="the executable is not installed beside this Python (make build)")


def run(*arguments, code=0):
    done = subprocess.run([TOUCANET, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return done


def test_convert_says_what_it_did_in_five_lines(tmp_path):
    done = run("convert", DIGITS, "-o", tmp_path / "m.tflite")
    lines = done.stderr.splitlines()
    assert [line.split()[0] for line in lines] == ["input", "output", "model", "checked"]
    assert done.stdout == ""
    assert "\x1b" not in done.stderr


def test_json_holds_what_the_text_shows(tmp_path):
    report = json.loads(run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--json", "--quiet").stdout)
    assert report["ok"] and report["verified"]
    assert report["bytes"] == (tmp_path / "m.tflite").stat().st_size
    assert report["inputs"] == [{"name": "input", "dtype": "float32", "shape": [-1, 8, 8, 1]}]


def test_the_same_input_gives_the_same_bytes(tmp_path):
    for name in "ab":
        run("convert", DIGITS, "-o", tmp_path / name, "-q")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_training_nodes_are_pruned_and_counted(tmp_path):
    report = json.loads(run("convert", TRAINING, "-o", tmp_path / "m.tflite", "--outputs", "softmax", "--json", "-q").stdout)
    assert {"gradients", "regularisers", "losses", "summaries"} <= set(report["pruned"])


def test_an_unknown_output_names_the_nearest_and_writes_nothing(tmp_path):
    done = run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--outputs", "sofmax", code=1)
    assert "error[TN1004]" in done.stderr and "did you mean 'softmax'?" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_named_twice_is_written_once(tmp_path):
    done = run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--outputs", "softmax,softmax:0", "--json")
    assert [o["name"] for o in json.loads(done.stdout)["outputs"]] == ["softmax"]
    assert "the output 'softmax' is named more than once" in done.stderr
    run("convert", DIGITS, "-o", tmp_path / "once.tflite", "--outputs", "softmax", "-q")
    assert (tmp_path / "m.tflite").read_bytes() == (tmp_path / "once.tflite").read_bytes()


def test_an_unknown_flag_names_the_nearest(tmp_path):
    done = run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--output_array", "softmax", code=2)
    assert "did you mean '--output_arrays'?" in done.stderr


def test_an_empty_shape_is_a_scalar_and_not_the_next_flag(tmp_path):
    done = run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--inputs", "input", "--shapes=", "--outputs", "softmax", code=1)
    assert "TN1012" in done.stderr  # a scalar contradicts the placeholder; the output was understood
    run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--inputs", "input", "--shapes=-1,8,8,1", "--outputs", "softmax")
    run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--inputs", "input", "--shapes", "-1,8,8,1", "--outputs", "softmax")


def test_a_missing_folder_leaves_nothing_behind(tmp_path):
    done = run("convert", DIGITS, "-o", tmp_path / "none" / "m.tflite", code=1)
    assert "TN5004" in done.stderr


def test_explain_follows_a_node_to_its_final_tensor():
    done = run("explain", DIGITS, "--node", "conv1_bn/FusedBatchNormV3")
    assert "lower_fused_batch_norm" in done.stdout and "CONV_2D #0" in done.stdout


def test_every_node_has_a_fate_and_every_tensor_a_source():
    report = json.loads(run("explain", TRAINING, "--outputs", "softmax", "--json").stdout)
    assert len(report["nodes"]) == report["source_nodes"]
    assert all(n["fate"] for n in report["nodes"])
    assert all(t["sources"] for t in report["tensors"])


def test_explain_refused_gives_reasons_with_values():
    report = json.loads(run("explain", DIGITS, "--refused", "--json").stdout)
    assert report and all(r["reason"] and r["rewrite"] for r in report)


def test_a_rewrite_can_be_disabled_by_name(tmp_path):
    whole = json.loads(run("convert", DIGITS, "-o", tmp_path / "a", "--json", "-q").stdout)
    less = json.loads(run("convert", DIGITS, "-o", tmp_path / "b", "--json", "-q", "--disable", "fuse_activation_into_producer").stdout)
    assert less["verified"] and less["operators"] > whole["operators"]
    done = run("convert", DIGITS, "-o", tmp_path / "c", "--disable", "fuse_activation", code=2)
    assert "TN0003" in done.stderr


def test_inspect_reads_what_it_writes(tmp_path):
    run("convert", DIGITS, "-o", tmp_path / "m.tflite", "-q")
    report = json.loads(run("inspect", tmp_path / "m.tflite", "--json").stdout)
    assert report["operators"] == 7 and report["macs"] > 0 and report["min_runtime_version"]
    assert json.loads(run("inspect", DIGITS, "--json").stdout)["format"] == "GraphDef"


def test_dumps_and_provenance(tmp_path):
    run("convert", DIGITS, "-o", tmp_path / "m.tflite", "-q", "--dump-ir", tmp_path, "--dump-graphviz-dir", tmp_path, "--provenance", tmp_path / "p.json")
    assert (tmp_path / "0_import.txt").read_text().startswith("graph")
    assert (tmp_path / "6_export.dot").read_text().startswith("digraph")
    assert "softmax" in json.loads((tmp_path / "p.json").read_text())["nodes"]


def test_the_old_command_takes_the_old_flags(tmp_path):
    run("tflite_convert", f"--graph_def_file={DIGITS}", f"--output_file={tmp_path / 'm.tflite'}", "--input_arrays=input", "--output_arrays=softmax", "--input_shapes=1,8,8,1")
    done = run("tflite_convert", f"--graph_def_file={DIGITS}", f"--output_file={tmp_path / 'n.tflite'}", "--input_arrays=input", "--output_arrays=softmax", "--inference_type=FLOAT16", code=2)
    assert "TN0004" in done.stderr and not (tmp_path / "n.tflite").exists()
    assert "TN0003" in run("tflite_convert", f"--input_file={DIGITS}", "--output_file=x", code=2).stderr


@pytest.mark.parametrize("verb", ["compare", "convert", "evaluate", "explain", "inspect", "tflite_convert"])
def test_help_and_help_verb_agree_and_show_an_example(verb):
    text = run(verb, "--help").stdout
    assert text == run("help", verb).stdout
    assert f"Example: toucanet {verb}" in text


def save(path, **arrays):
    numpy.savez_compressed(path, **arrays)
    return path


def test_the_check_takes_given_inputs(tmp_path):
    good = save(tmp_path / "good.npz", input=numpy.full((2, 8, 8, 1), 0.5, numpy.float32))
    done = run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--shapes=-1,8,8,1", "--inputs", "input", "--verify-data", good)
    assert "on 1 given input," in done.stderr
    wide = save(tmp_path / "wide.npz", input=numpy.zeros((1, 8, 8, 1)), inptu=numpy.zeros(3))
    refused = run("convert", DIGITS, "-o", tmp_path / "n.tflite", "--verify-data", wide, "--json", code=1)
    errors = json.loads(refused.stdout)["errors"]
    assert [e["code"] for e in errors] == ["TN3006", "TN3006"] and "float64" in refused.stdout.replace("f64", "float64") and "did you mean 'input'?" in refused.stdout
    assert not (tmp_path / "n.tflite").exists()
    (tmp_path / "bad.npz").write_bytes(b"PK")
    assert "TN1303" in run("convert", DIGITS, "-o", tmp_path / "n.tflite", "--verify-data", tmp_path / "bad.npz", code=1).stderr
    assert "excludes" in run("convert", DIGITS, "-o", tmp_path / "n.tflite", "--verify-data", good, "--no-verify", code=2).stderr


def test_given_inputs_are_those_that_are_compared(tmp_path):
    nan = save(tmp_path / "nan.npz", input=numpy.full((1, 8, 8, 1), numpy.nan, numpy.float32))
    done = run("convert", DIGITS, "-o", tmp_path / "m.tflite", "--verify-data", nan, "--json")
    assert json.loads(done.stdout)["verification"]["largest_difference"] == 0


MAXIMUM = """
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 2 } } } } }
node { name: "y" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: 2 } } } } }
node { name: "larger" op: "Maximum" input: "x" input: "y" attr { key: "T" value { type: DT_FLOAT } } }
"""


def test_numbers_that_differ_write_no_file_unless_asked_to(tmp_path):
    graph, model = tmp_path / "maximum.pbtxt", tmp_path / "m.tflite"
    graph.write_text(MAXIMUM)
    nan = save(tmp_path / "nan.npz", x=numpy.float32([numpy.nan, 1]), y=numpy.float32([1, 2]))
    refused = run("convert", graph, "-o", model, "--verify-data", nan, "--json", code=4)
    report = json.loads(refused.stdout)
    assert not report["ok"] and not report["verified"] and not model.exists()
    assert [(e["code"], e["nodes"]) for e in report["errors"]] == [("TN6001", ["larger"])]
    kept = run("convert", graph, "-o", model, "--verify-data", nan, "--keep-unverified", "--json")
    assert json.loads(kept.stdout)["ok"] and not json.loads(kept.stdout)["verified"] and model.exists()
    assert "WRONG" in kept.stderr


def test_the_old_command_writes_graphviz_files(tmp_path):
    old = [f"--graph_def_file={DIGITS}", f"--output_file={tmp_path / 'm.tflite'}", "--input_arrays=input", "--output_arrays=softmax"]
    run("tflite_convert", *old, f"--dump_graphviz_dir={tmp_path}")
    assert (tmp_path / "6_export.dot").read_text().startswith("digraph")
    run("tflite_convert", *old, f"--dump_graphviz_dir={tmp_path / 'made'}")
    assert (tmp_path / "made" / "6_export.dot").exists()
    assert "TN5004" in run("tflite_convert", *old, f"--dump_graphviz_dir={tmp_path / 'm.tflite' / 'none'}", code=1).stderr


def digits(tmp_path, count=40):
    run("convert", DIGITS, "-o", tmp_path / "digits.tflite", "-q")
    x = numpy.random.default_rng(1).uniform(0, 1, (count, 8, 8, 1)).astype(numpy.float32)
    run("quantize", tmp_path / "digits.tflite", "-o", tmp_path / "int8.tflite", "--mode", "int8", "--calibration", save(tmp_path / "calibration.npz", input=x), "--quiet")
    return tmp_path / "digits.tflite", tmp_path / "int8.tflite", x


def test_evaluate_puts_models_side_by_side(tmp_path):
    floats, ints, x = digits(tmp_path)
    answers = json.loads(run("evaluate", floats, ints, "--data", save(tmp_path / "x.npz", input=x), "--json").stdout)["models"]
    right = numpy.array(answers[0]["answers"])
    right[:10] = (right[:10] + 1) % 10
    data = save(tmp_path / "labelled.npz", input=x, labels=right)
    report = json.loads(run("evaluate", floats, ints, "--data", data, "--json", "--threads", 2).stdout)
    assert report["samples"] == 40 and report["models"][0]["top1"] == 0.75 and report["models"][0]["agreement"] == 1
    same = numpy.mean(numpy.array(answers[0]["answers"]) == numpy.array(answers[1]["answers"]))
    assert report["models"][1]["agreement"] == same > 0.7
    assert sum(c["samples"] for c in report["models"][0]["classes"]) == 40
    done = run("evaluate", floats, ints, "--data", data)
    assert "same top-1 as #1" in done.stdout and "75.0 %" in done.stdout
    assert "the array 'labels'" in done.stderr and len(done.stderr.splitlines()) <= 5


def test_evaluate_names_what_is_wrong_with_the_data(tmp_path):
    floats, _, x = digits(tmp_path)
    data = save(tmp_path / "x.npz", input=x, labels=numpy.full(40, 10))
    refused = run("evaluate", floats, "--data", data, "--json", code=1)
    assert json.loads(refused.stdout)["errors"][0]["code"] == "TN8004" and "--label-offset" in refused.stderr
    assert "TN8003" in run("evaluate", floats, "--data", data, "--skip", 40, code=1).stderr
    assert "TN8001" in run("evaluate", floats, "--data", save(tmp_path / "y.npz", input=x), code=1).stderr


def test_compare_takes_two_resolvers_and_refuses_others(tmp_path):
    floats, _, _ = digits(tmp_path)
    assert "within tolerance" in run("compare", floats, "--resolver", "ref,fast").stdout
    assert "'ref,fist'" in run("compare", floats, "--resolver", "ref,fist", code=2).stderr


def test_compare_tells_what_each_layer_cost(tmp_path):
    floats, ints, x = digits(tmp_path)
    data = save(tmp_path / "x.npz", input=x)
    html, nodes = tmp_path / "report.html", tmp_path / "nodes.json"
    done = run("compare", floats, ints, "--data", data, "--html", html, "--node-data", nodes, "--all")
    assert len(done.stdout.splitlines()) == 8 and "answers the same top-1" in done.stderr
    decibels = [float(line.split()[4]) for line in done.stdout.splitlines()[1:]]
    assert decibels == sorted(decibels), "the worst first"
    report = json.loads(run("compare", floats, ints, "--data", data, "--json", "--quiet").stdout)
    assert report["samples"] == 40 and report["same_answer"] >= 36
    by_name = {layer["tensor"]: layer for layer in report["layers"]}
    assert by_name["Relu"]["stored"] == "int8" and 30 < by_name["Relu"]["sqnr_db"] < 60
    assert {c["algorithm"] for c in by_name["Relu"]["choices"]} >= {"minmax", "percentile"}
    embedded = json.loads(html.read_text().split('id="report">')[1].split("</script>")[0])
    assert [layer["tensor"] for layer in embedded["layers"]] == list(by_name)
    assert abs(json.loads(nodes.read_text())["results"]["Relu"]["value"] - by_name["Relu"]["sqnr_db"]) < 1e-6
    failed = run("compare", floats, ints, "--data", data, "--min-sqnr", 200, code=4)
    assert "TN8006" in failed.stderr
    run("compare", floats, ints, "--data", data, "--tolerance", "1e-6", code=4)


def test_compare_leaves_no_half_report(tmp_path):
    floats, ints, _ = digits(tmp_path)
    assert "TN5004" in run("compare", floats, ints, "--html", tmp_path / "none" / "r.html", code=1).stderr
    assert "TN7002" in run("compare", floats, ints, "--data", save(tmp_path / "w.npz", input=numpy.zeros((2, 9, 9, 1), numpy.float32)), code=1).stderr
    assert "TN0004" in run("compare", floats, ints, "--data", tmp_path, "--input", "a.jpg", code=2).stderr


def test_explain_ranges_names_every_source(tmp_path):
    floats, ints, x = digits(tmp_path)
    run("calibrate", floats, "--data", save(tmp_path / "x.npz", input=x), "-o", tmp_path / "x.calib", "--quiet")
    recorded = {t["tensor"]: t for t in json.loads(run("explain", "ranges", ints, "--json", "--quiet").stdout)["tensors"]}
    assert recorded["Relu"]["source"] == "calibration: minmax of 40 samples" and "sqnr_db" not in recorded["Relu"]
    assert recorded["input_int8"]["source"] == "calibration: minmax of 40 samples", "the input, quantised on its way in"
    assert not [t for t in recorded.values() if t["source"].startswith("stored in the file")]
    run("quantize", floats, "-o", tmp_path / "in8.tflite", "--mode", "int8", "--input-type", "int8", "--output-type", "uint8", "--calibration",
        tmp_path / "x.npz", "--quiet")  # fmt: skip
    integers = {t["tensor"]: t for t in json.loads(run("explain", "ranges", tmp_path / "in8.tflite", "--json", "--quiet").stdout)["tensors"]}
    assert integers["input"]["source"] == "calibration: minmax of 40 samples" and integers["softmax"]["source"] == "fixed by SOFTMAX"
    assert not [t for t in integers.values() if t["source"].startswith("stored in the file")]
    (tmp_path / "int8.quantization.json").rename(tmp_path / "elsewhere.json")
    derived = {t["tensor"]: t for t in json.loads(run("explain", "ranges", ints, "--json", "--quiet").stdout)["tensors"]}
    assert derived["Relu"]["source"] == "stored in the file" and derived["pool/MaxPool"]["source"] == "same as 'Relu_1'"
    seen = {t["tensor"]: t for t in json.loads(run("explain", "ranges", ints, "--calib", tmp_path / "x.calib", "--json", "--quiet").stdout)["tensors"]}
    assert seen["Relu"]["source"] == "as minmax of 40 samples gives" and seen["Relu"]["clipped"] == 0 and seen["Relu"]["sqnr_db"] > 30
    assert {t["kind"] for t in seen.values()} == {"activation", "weights", "bias"}
    assert all(t["source"] for t in seen.values())
    text = run("explain", "ranges", ints, "--tensor", "fc2", "--record", tmp_path / "elsewhere.json").stdout
    assert "product of scales" in text and "█" in text and "Relu" not in text
    (tmp_path / "bad.json").write_text("[]")
    assert "TN8007" in run("explain", "ranges", ints, "--record", tmp_path / "bad.json", code=1).stderr
    assert "stored in floats" in run("explain", "ranges", floats).stderr


def test_limit_takes_the_first_samples(tmp_path):
    floats, _, x = digits(tmp_path)
    data = save(tmp_path / "x.npz", input=x)
    few = save(tmp_path / "few.npz", input=x[:7])
    assert json.loads(run("calibrate", floats, "--data", data, "--limit", 7, "-o", tmp_path / "x.calib", "--json", "--quiet").stdout)["samples"] == 7
    for limited, name in (("limited", ["--calibration", data, "--limit", 7]), ("all", ["--calibration", few])):
        run("quantize", floats, "-o", tmp_path / f"{limited}.tflite", "--mode", "int8", *name, "--quiet")
    assert (tmp_path / "limited.tflite").read_bytes() == (tmp_path / "all.tflite").read_bytes()
    assert json.loads(run("compare", floats, tmp_path / "all.tflite", "--data", data, "--limit", 3, "--json", "--quiet").stdout)["samples"] == 3


def bmp(path, rgb, width=8, height=8):
    head = b"BM" + struct.pack("<IHHI", 54 + width * height * 3, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    path.write_bytes(head + bytes(rgb[::-1]) * (width * height))


@pytest.mark.parametrize("flags", [["compare", "MODEL", "MODEL"], ["evaluate", "MODEL", "MODEL"], ["calibrate", "MODEL", "-o", "x.calib"]])
def test_photos_take_a_layout_and_an_order_of_channels(tmp_path, flags):
    floats, _, _ = digits(tmp_path)
    (tmp_path / "photos").mkdir()
    bmp(tmp_path / "photos" / "a.bmp", (255, 0, 0))
    flags = [{"MODEL": floats, "x.calib": tmp_path / "x.calib"}.get(f, f) for f in flags] + ["--data", tmp_path / "photos", "--channel-order", "bgr"]
    run(*flags)
    assert "3 or 1" in (refused := run(*flags, "--layout", "nchw", code=1).stderr) or "3 channels" in refused


def test_explain_ranges_refuses_observations_of_another_model(tmp_path):
    floats, ints, x = digits(tmp_path)
    run("convert", TRAINING, "-o", tmp_path / "other.tflite", "--outputs", "Relu", "-q")
    run("calibrate", tmp_path / "other.tflite", "--data", save(tmp_path / "x.npz", input=x), "-o", tmp_path / "other.calib", "--quiet")
    assert "TN8008" in run("explain", "ranges", ints, "--calib", tmp_path / "other.calib", code=1).stderr
