"""The documentation agrees with the sources."""
import pathlib
import re
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
