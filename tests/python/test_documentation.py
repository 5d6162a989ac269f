"""The documentation agrees with the sources."""
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOC = ROOT / "doc"
SOURCES = [p for d, ends in (("src", (".cpp", ".h")), ("python", (".py",))) for p in (ROOT / d).rglob("*") if p.suffix in ends]

WRAPPED = {"TN1020", "TN1103", "TN1203", "TN2003", "TN3001"}  # their messages begin with a place
PYTHON_ONLY = {"TN0010", "TN0011", "TN0012", "TN1014"}


def codes_of_sources():
    return {c for p in SOURCES for c in re.findall(r"\bTN\d{4}\b", p.read_text())}


def paragraphs():
    return re.findall(r"^## (TN\d{4})\n(.*?)(?=^#|\Z)", (DOC / "diagnostics.md").read_text(), re.M | re.S)


def test_every_code_has_a_paragraph_and_every_paragraph_a_code():
    documented = [code for code, _ in paragraphs()]
    assert sorted(codes_of_sources() - set(documented)) == [], "codes without a paragraph in doc/diagnostics.md"
    assert sorted(set(documented) - codes_of_sources()) == [], "paragraphs of codes that no source has"
    assert len(documented) == len(set(documented))


def test_paragraphs_are_in_order_and_complete():
    groups = re.split(r"^# ", (DOC / "diagnostics.md").read_text(), flags=re.M)
    for group in groups:
        codes = re.findall(r"^## (TN\d{4})", group, re.M)
        assert codes == sorted(codes)
    for code, text in paragraphs():
        assert "\nMessage: " in text and "\nNext: " in text, code


def test_linked_pages_and_anchors_exist():
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOC.rglob("*.md")]:
        text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target:
                continue
            path, _, anchor = target.partition("#")
            to = (page.parent / path).resolve() if path else page
            assert to.exists(), f"{page.name} links to {target}"
            if anchor:
                anchors = [re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)", to.read_text(), re.M)]
                assert anchor.lower() in anchors, f"{page.name} links to {target}"


def as_pattern(text):
    return re.sub(r"\\\{[^}]*\\\}", ".*", re.escape(text))


def test_example_messages_are_messages_of_the_sources():
    formats: dict = {}
    wrapped = []  # behind "place: "
    for p in SOURCES:
        if p.suffix not in (".cpp", ".h"):
            continue
        source = p.read_text()
        for code, text in re.findall(r'"(TN\d{4})",\s*(?:fmt::format\()?"((?:[^"\\]|\\.)*)"', source):
            formats.setdefault(code, []).append(as_pattern(text))
        wrapped += [as_pattern(t) for t in re.findall(r'\b(?:refuse|error|problem|fail)\((?:[^;"]*,\s*)?"((?:[^"\\]|\\.)*)"', source)]
    for code, text in paragraphs():
        found = re.search(r"^Message: `(.*?)`", text, re.M | re.S)
        assert found, code
        message = " ".join(found[1].split())
        if any(re.fullmatch(f, message) for f in formats.get(code, [])):
            continue
        if code in PYTHON_ONLY or code == "TN9000":
            continue
        place, _, rest = message.partition(": ")
        assert code in WRAPPED and any(re.fullmatch(f, rest) for f in wrapped), f"{code} does not say: {message}"


def test_the_page_of_transformations_is_up_to_date():
    done = subprocess.run([sys.executable, ROOT / "tools" / "make_transformations.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_functions_named_with_their_file_are_there():
    named = 0
    for page in [ROOT / "README.md", *DOC.rglob("*.md")]:
        for path, function in re.findall(r"`([\w./-]+\.(?:cpp|h|py|cmake))(?::(\w+))?`", page.read_text()):
            if "/" not in path:
                continue
            assert (ROOT / path).is_file(), f"{page.name} names {path}"
            if function:
                assert re.search(rf"\b{function}\b", (ROOT / path).read_text()), f"{page.name}: there is no {function} in {path}"
                named += 1
    assert named > 30


@pytest.mark.parametrize("page", ["adding_an_operator.md", "adding_a_rewrite.md"])
def test_quoted_lines_are_lines_of_the_tree(page):
    text = (DOC / page).read_text()
    folders = set(re.findall(r"`(src/(?:ops|rewrites)/\w+)/", text))
    tree = {line.strip() for f in folders for p in (ROOT / f).iterdir() for line in p.read_text().splitlines()}
    for block in re.findall(r"```\w*\n(.*?)```", text, re.S):
        for line in block.splitlines():
            if line.strip() and line.strip() != "…":
                assert line.strip() in tree, f"{page}: {line.strip()}"


def readme(language):
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / "README.md").read_text(), re.S | re.M)
    return [text for kind, text in blocks if kind == language]


def test_the_transcripts_of_the_readme_are_what_the_program_says(tmp_path):
    program = pathlib.Path(sys.executable).parent / "toucanet"
    if not program.exists():
        pytest.skip(f"no {program}")
    checked = 0
    for block in readme(""):
        command, _, expected = block.partition("\n")
        if not command.startswith("$ toucanet "):
            continue
        words = command.removeprefix("$ toucanet ").replace("-o digits.tflite", f"-o {tmp_path / 'digits.tflite'}").split()
        done = subprocess.run([program, *words], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        got, want = (re.sub(r"[\d.]+ (m?s\b)|\d[\d.]*e-\d+|%\d+", "_", t) for t in (done.stdout + done.stderr, expected))
        assert got.strip() == want.strip(), command
        checked += 1
    assert checked == 2


def test_the_transcripts_of_the_quantization_report_are_what_the_program_says(tmp_path):
    program = pathlib.Path(sys.executable).parent / "toucanet"
    if not program.exists():
        pytest.skip(f"no {program}")
    (tmp_path / "demo").symlink_to(ROOT / "demo")

    def run(*words):
        done = subprocess.run([program, *words], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    images = "demo/digits/images.npy"
    run("convert", "demo/digits/frozen_graph.pb", "-o", "digits.tflite", "-q")
    run("calibrate", "digits.tflite", "--data", images, "-o", "digits.calib")
    run("quantize", "digits.tflite", "-o", "digits_int8.tflite", "--mode", "int8", "--calibration", images)
    # Numbers depend on the machine's kernels, times on its speed.
    masked = lambda text: re.sub(r"[▁▂▃▄▅▆▇█ ]+|[\d.]+", lambda m: "#" if m[0][0].isdigit() else " ", text).strip()
    blocks = re.findall(r"^```\n\$ toucanet (.*?)\n(.*?)^```$", (DOC / "quantization_report.md").read_text(), re.S | re.M)
    for command, expected in blocks:
        assert masked(run(*command.split())).splitlines() == masked(expected).splitlines(), command
    assert len(blocks) == 3


def test_the_python_of_the_readme_runs(tmp_path):
    made = [sys.executable, ROOT / "demo" / "make_mobilenet.py", "--width", "0.25", "--resolution", "128", "-o", tmp_path]
    subprocess.run(made, check=True)
    for code in readme("python"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "converted_model.tflite").read_bytes()[4:8] == b"TFL3"


def test_the_cpp_of_the_readme_compiles(tmp_path):
    generated = sorted((ROOT / "build").glob("*/generated/tflite_generated.h"))
    compiler = shutil.which("g++")
    if not generated or not compiler:
        pytest.skip("no g++, or nothing built in build/")
    for i, code in enumerate(readme("cpp")):
        (tmp_path / f"{i}.cpp").write_text(code)
        flags = ["-std=c++20", "-fsyntax-only", *(f"-I{d}" for d in (ROOT / "src", ROOT / "include", generated[0].parent))]
        done = subprocess.run([compiler, *flags, tmp_path / f"{i}.cpp"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
