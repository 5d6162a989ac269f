#!/usr/bin/env python3
"""Converts every graph of the shared suites, runs the result in LiteRT and compares (see README.md)."""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import queue
import subprocess
import sys
import time

import dl4j
import graphs
import judge
import litert
import models
import opencv
import report

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SUITES = {"models": models, "opencv": opencv, "dl4j": dl4j}
TIMEOUT = 60


def setting(name, default):
    return os.path.abspath(os.path.expanduser(os.environ.get(name) or default))


def run_tensorflow(cases, python):
    """tensorflow.json and .npz for the cases that have none; a case that kills TensorFlow is noted as such."""
    left = [case for case in cases if not os.path.exists(case.path("tensorflow.json"))]
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.py")
    while left:
        print(f"TensorFlow runs {len(left)} graphs", file=sys.stderr)
        process = subprocess.run(
            [python, script], input="".join(case.folder + "\n" for case in left), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        done = set(process.stdout.splitlines())
        left = [case for case in left if case.folder not in done]
        if left and not done and process.returncode > 0:
            sys.exit(f"{python} does not run TensorFlow: see tests/oracle/setup.sh")
        if left:
            with open(left.pop(0).path("tensorflow.json"), "w") as file:
                json.dump({"error": "TensorFlow died", "random": False}, file)


def reference(case):
    """(expected arrays or None, their TensorFlow types, group, reason for the group)."""
    with open(case.path("tensorflow.json")) as file:
        state = json.load(file)
    recorded, today = case.arrays("recorded.npz", "r"), case.arrays("tensorflow.npz", "t")
    types = [value.dtype for value in (today or recorded or [])]
    expected = recorded if recorded is not None else today
    if case.problem or not case.inputs:
        return expected, types, "no_inputs", case.problem
    if case.channels_first:
        return expected, types, "channels_first", ""
    if state["random"]:
        return None, types, "random", ""
    if case.outside:
        return expected, types, "out_of_scope", ", ".join(case.outside)
    if state["error"]:
        return expected, types, "unsettled", "TensorFlow: " + state["error"]
    if recorded is not None and judge.compare_all(recorded, today, types, case.outputs)[0]:
        return expected, types, "unsettled", "TensorFlow itself does not give the recorded numbers"
    return expected, types, "in_scope", ""


def convert(case, binary, model):
    """Runs the converter: what it reports, or how it failed."""
    command = [binary, "convert", case.graph, "-o", model, "--json", "--quiet"]
    command += ["--inputs", ",".join(item["name"] for item in case.inputs), "--outputs", ",".join(case.outputs)]
    if case.shapes is not None:
        command.append("--shapes=" + case.shapes)
    if os.path.exists(model):
        os.remove(model)
    try:
        process = subprocess.run(command, capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return {"exit": None, "crash": f"no end after {TIMEOUT} s", "command": command}
    text = process.stderr.decode(errors="replace").strip()
    found = {"exit": process.returncode, "command": command, "stderr": text[-2000:]}
    try:
        found["answer"] = json.loads(process.stdout)
    except ValueError:
        found["answer"] = None
    if process.returncode < 0 or process.returncode >= 128:
        found["crash"] = f"signal {abs(process.returncode) % 128}"
    return found


def failure(found):
    """(result, reasons) of a conversion that gave no file; reasons are {"code", "message"}."""
    if found.get("crash"):
        return "crashed", [{"code": "crash", "message": found["crash"]}]
    errors = [{k: e.get(k) for k in ("code", "message", "nodes")} for e in (found["answer"] or {}).get("errors", [])]
    if found["exit"] == 4:
        check = (found["answer"] or {}).get("verification", {})
        text = check.get("reason") or f"largest difference {check.get('largest_difference')}"
        return "verification_failed", errors or [{"code": "verification", "message": text}]
    last = found["stderr"].splitlines()[-1:] or [""]
    return "refused", errors or [{"code": f"exit {found['exit']}", "message": last[0]}]


def run_litert(case, worker, model, expected, types):
    """(result, reason, largest difference, remarks) of a converted file."""
    request = {
        "model": model, "inputs": case.path("inputs.npz"), "result": case.path("result.npz"),
        "input_names": [item["name"] for item in case.inputs], "output_names": case.outputs,
    }
    tries = []
    for delegates in (True, False):
        reply = worker.ask({**request, "delegates": delegates})
        reason, largest = reply.get("crashed") or reply.get("error"), None
        result = "litert_rejects" if reason else "unjudged" if expected is None else "right"
        remarks = []
        if not reason:
            got = case.arrays("result.npz", "o")
            if expected is not None:
                reason, largest = judge.compare_all(expected, got, types, case.outputs)
                result = "wrong" if reason else "right"
            wanted = {item["name"]: item["dtype"] for item in case.inputs}
            remarks += [f"input {k}: {wanted[k]} became {v}" for k, v in reply["inputs"].items() if v != wanted[k]]
            outputs = zip(case.outputs, types, got)
            remarks += [f"output {n}: {t} became {v.dtype}" for n, t, v in outputs if t != v.dtype]
            remarks += [f"input {name} is not in the signature" for name in reply["unused"]]
        tries.append((result, reason, largest, remarks))
        if result in ("right", "unjudged"):
            break
    first, last = tries[0], tries[-1]
    if len(tries) > 1 and last[0] == "right" and first[0] == "litert_rejects":
        return (*last[:3], last[3] + ["only without the default delegate: " + first[1]])
    if len(tries) > 1 and last[0] == "right":
        return (*first[:3], first[3] + ["right without the default delegate"])
    return last if first[0] == "litert_rejects" else first


def judge_case(case, binary, worker):
    expected, types, group, why = reference(case)
    entry = {"suite": case.suite, "name": case.name, "group": group, "why_group": why, "result": "not_run",
             "reasons": [], "remarks": [], "operators": case.operators, "expect": case.expect}
    if group in ("no_inputs", "random"):
        entry["category"] = group
        return entry
    model = case.path("model.tflite")
    found = convert(case, binary, model)
    answer = found.get("answer") or {}
    entry["command"] = found["command"]
    if found.get("exit") == 0 and os.path.exists(model):
        result, reason, largest, entry["remarks"] = run_litert(case, worker, model, expected, types)
        entry.update(result=result, largest_difference=largest, bytes=os.path.getsize(model),
                     reasons=[{"code": "", "message": reason}] if reason else [])
        for key in ("source_nodes", "operator_counts", "verification", "elapsed_ms"):
            entry[key] = answer.get(key)
        entry["tflite_operators"] = answer.get("operators")
        if case.most_operators and entry["tflite_operators"] > case.most_operators:
            entry["too_large"] = f"{entry['tflite_operators']} operators, at most {case.most_operators} are expected"
            entry["remarks"].append(entry["too_large"])
        if not answer.get("ok"):
            entry["remarks"].append("exit 0 without \"ok\": true")
    else:
        entry["result"], entry["reasons"] = failure(found)
        if os.path.exists(model):
            entry["remarks"].append("a file was written though the conversion failed")
    entry["category"] = group if group == "channels_first" else entry["result"]
    return entry


def judge_all(cases, binary, progress):
    workers, entries = queue.Queue(), []
    for _ in range(2):
        workers.put(litert.Worker(TIMEOUT))

    def one(case):
        worker = workers.get()
        try:
            return judge_case(case, binary, worker)
        finally:
            workers.put(worker)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number, entry in enumerate(pool.map(one, cases), 1):
            entries.append(entry)
            if progress and (number % 20 == 0 or number == len(cases)):
                print(f"\r{number} of {len(cases)}", end="", file=sys.stderr, flush=True)
    if progress:
        print(file=sys.stderr)
    while not workers.empty():
        workers.get().close()
    return entries


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="PATTERN", help="cases whose suite/name has this in it, or matches it")
    parser.add_argument("--suite", choices=SUITES)
    parser.add_argument("--results", metavar="PATH", help="write every result there as JSON")
    parser.add_argument("--no-doc", action="store_true", help="leave doc/conformance.md alone")
    options = parser.parse_args()

    shared = setting("TOUCANET_SHARED", os.path.join(ROOT, "..", "shared"))
    cache = setting("TOUCANET_CACHE", "~/.cache/toucanet")
    oracle = setting("TOUCANET_ORACLE_DIR", os.path.join(ROOT, ".oracle"))
    binary = setting("TOUCANET", os.path.join(ROOT, ".venv", "bin", "toucanet"))
    if not os.path.isdir(os.path.join(shared, "suites")):
        print(f"skipped: no suites in {shared} (TOUCANET_SHARED)")
        return 0
    if not os.access(binary, os.X_OK):
        sys.exit(f"no converter at {binary} (TOUCANET)")

    start, scope = time.time(), graphs.scope()
    cases = []
    for name, suite in SUITES.items():
        if options.suite in (None, name):
            cases += suite.cases(shared, cache, os.path.join(cache, "conformance"), scope)
    if options.only:
        wanted = options.only
        cases = [case for case in cases if wanted in case.id or fnmatch.fnmatch(case.id, wanted)]
    run_tensorflow(cases, os.path.join(oracle, "tf215", "bin", "python"))
    entries = judge_all(cases, binary, sys.stderr.isatty())

    if options.results:
        with open(options.results, "w") as file:
            json.dump({"scope": sorted(scope), "results": entries}, file, indent=1, default=float)
    whole = not options.only and not options.suite
    if whole and not options.no_doc:
        report.write(entries, os.path.join(ROOT, "doc", "conformance.md"))
    print(report.console(entries, detailed=len(entries) <= 40))
    print(f"{time.time() - start:.0f} s")
    return any("too_large" in entry for entry in entries)


if __name__ == "__main__":
    sys.exit(main())
