"""Calibration from the command line: data, shards, interruption, JSON."""
import json
import pathlib
import signal
import subprocess
import sys
import time

import numpy
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOUCANET = pathlib.Path(sys.executable).parent / "toucanet"
DIGITS = ROOT / "demo" / "digits" / "frozen_graph.pb"

pytestmark = pytest.mark.skipif(not TOUCANET.exists(), reason="the executable is not installed beside this Python (make build)")


def run(*arguments, code=0):
    done = subprocess.run([TOUCANET, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("digits")
    run("convert", DIGITS, "-o", folder / "digits.tflite", "--quiet")
    numpy.save(folder / "x.npy", numpy.random.default_rng(1).random((40, 8, 8, 1), dtype=numpy.float32))
    return folder


def test_it_says_what_it_saw_in_few_lines(digits, tmp_path):
    done = run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", tmp_path / "x.calib")
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["data", "seen", "wrote"]
    assert done.stdout == ""


def test_shards_merge_into_the_bytes_of_one_pass(digits, tmp_path):
    whole = tmp_path / "whole.calib"
    run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", whole, "--batch", 4)
    parts = [tmp_path / f"{i}.calib" for i in (1, 2, 3)]
    for i, part in enumerate(parts, 1):
        run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", part, "--batch", 4, "--shard", f"{i}/3", "--threads", i)
    merged = tmp_path / "merged.calib"
    run("merge", *reversed(parts), "-o", merged)
    assert merged.read_bytes() == whole.read_bytes()

    merged.unlink()
    assert "samples 12 to 23 are in none of the files" in run("merge", parts[0], parts[2], "-o", merged, code=1).stderr
    assert "were observed twice" in run("merge", parts[0], parts[0], "-o", merged, code=1).stderr
    assert not merged.exists()
    report = json.loads(run("merge", parts[0], parts[2], "-o", merged, "--allow-missing", "--json").stdout)
    assert report["missing"] == [[12, 23]] and report["samples"] == 28


def test_what_was_interrupted_continues(digits, tmp_path):
    numpy.save(tmp_path / "many.npy", numpy.random.default_rng(2).random((200_000, 8, 8, 1), dtype=numpy.float32))
    command = [TOUCANET, "calibrate", digits / "digits.tflite", "--data", tmp_path / "many.npy", "-o", tmp_path / "x.calib", "--json", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    time.sleep(0.4)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("this machine was done before it could be interrupted")
    assert process.returncode == 130
    first = json.loads(out)
    assert first["stopped"] and 0 < first["samples"] < 200_000
    report = json.loads(run(*command[1:]).stdout)
    assert report["resumed"] == first["samples"] and report["samples"] == 200_000


def test_problems_are_told_at_once_and_nothing_is_written(digits, tmp_path):
    out = tmp_path / "x.calib"
    numpy.savez(tmp_path / "x.npz", input=numpy.zeros((3, 8, 9, 1)))
    errors = json.loads(run("calibrate", digits / "digits.tflite", "--data", tmp_path / "x.npz", "-o", out, "--json", code=1).stdout)["errors"]
    assert [e["code"] for e in errors] == ["TN7002", "TN7002"]
    assert run("calibrate", digits / "digits.tflite", "--data", tmp_path, "-o", out, code=1).stderr.startswith("error[TN7008]")
    assert run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", out, "--shard", "4/3", code=2).stderr.startswith("error[TN0004]")
    values = numpy.zeros((5, 8, 8, 1), numpy.float32)
    values[3, 2, 1, 0] = numpy.nan
    numpy.save(tmp_path / "nan.npy", values)
    assert "sample 3: 'input' holds nan" in run("calibrate", digits / "digits.tflite", "--data", tmp_path / "nan.npy", "-o", out, code=1).stderr
    assert not out.exists()


def test_a_damaged_file_is_refused(digits, tmp_path):
    part = tmp_path / "x.calib"
    run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", part)
    part.write_bytes(part.read_bytes()[:-1])
    assert "TN7005" in run("merge", part, "-o", tmp_path / "y.calib", code=1).stderr
    assert "TN7005" in run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", part, code=1).stderr


def test_what_was_seen_in_another_model_is_refused(digits, tmp_path):
    seen, other = tmp_path / "x.calib", tmp_path / "other.tflite"
    run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", seen)
    run("convert", DIGITS, "-o", other, "--outputs", "flatten/Reshape", "--no-verify")
    out = tmp_path / "int8.tflite"
    assert run("quantize", other, "-o", out, "--mode", "int8", "--calib", seen, code=1).stderr.startswith("error[TN7006]")
    assert not out.exists()


def test_the_record_beside_a_model_makes_the_same_bytes(digits, tmp_path):
    seen, once, again = tmp_path / "x.calib", tmp_path / "once.tflite", tmp_path / "again.tflite"
    run("calibrate", digits / "digits.tflite", "--data", digits / "x.npy", "-o", seen)
    rule = '{"tensor": "fc2/*", "ranges": {"algorithm": "percentile", "percentile": 99.3}}'
    run("quantize", digits / "digits.tflite", "-o", once, "--mode", "int8", "--ranges", "mse", "--input-type", "uint8", "--rule", rule, "--calib", seen)
    run("quantize", digits / "digits.tflite", "-o", again, "--recipe", tmp_path / "once.quantization.json", "--calib", seen)
    assert again.read_bytes() == once.read_bytes()
    assert (tmp_path / "again.quantization.json").read_text() == (tmp_path / "once.quantization.json").read_text()
