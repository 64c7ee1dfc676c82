"""The glossary points to places that exist, and is what pages, report and help show."""

import ast
import runpy
import sys
from pathlib import Path

import pytest
import yaml

from experiments.configuration.key_descriptions import default_keys
from experiments.configuration.run_help import help_text
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.glossary import (
    AUDIENCES,
    FIRST_LINE,
    GLOSSARY,
    LAST_LINE,
    Term,
    markdown,
    read_glossary,
    renewed,
    shown_terms,
)
from sim.inputs.problems import ScenarioError
from sim.measures.catalogue import MEASURES
from tests.support.paths import ROOT

ODD = ROOT / "sim" / "ODD.md"
TERMS = read_glossary()
GOOD = {
    "field_term": "counterfactual",
    "definition": "The branch without expulsion. Effects are differences from it.",
    "unit": "none",
    "computed_in": "sim/paired.py:simulate_shared_history",
}


def names_in(path: Path) -> set[str]:
    """Functions, classes and constants of a module, and what its classes hold, as Class.name."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        for name in names_of(node):
            found.add(name)
            if isinstance(node, ast.ClassDef):
                found |= {f"{name}.{inner}" for part in node.body for inner in names_of(part)}
    return found


def names_of(node: ast.stmt) -> set[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.AnnAssign):
        return {node.target.id} if isinstance(node.target, ast.Name) else set()
    targets = node.targets if isinstance(node, ast.Assign) else ()
    return {
        leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)
    }


def written(tmp_path: Path, content: object) -> Path:
    """A glossary file with some content."""
    path = tmp_path / "glossary.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def problems_in(tmp_path: Path, content: object) -> tuple[str, ...]:
    """What is wrong with a glossary of some content."""
    with pytest.raises(ScenarioError) as caught:
        read_glossary(written(tmp_path, content))
    return caught.value.problems


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_is_computed_where_the_glossary_says(term: Term) -> None:
    file, _, name = term.computed_in.partition(":")
    assert (ROOT / file).is_file(), file
    assert not name or name in names_in(ROOT / file), f"{file} defines no {name}"


def test_measures_and_keys_of_the_glossary_exist() -> None:
    keys = {key for key, _ in default_keys(CONFIGS)}
    assert {term.measure for term in TERMS if term.measure} <= set(MEASURES)
    assert {term.key for term in TERMS if term.key} <= keys


def test_a_place_that_does_not_exist_would_be_noticed() -> None:
    names = names_in(ROOT / "sim/scenario.py")
    assert {"Scenario", "Wages.base_wage_rub", "Group", "SHARE"} <= names
    assert not {"base_wage_rub", "Scenario.wage", "dataclass"} & names


def test_the_model_description_opens_with_the_glossary() -> None:
    page = ODD.read_text(encoding="utf-8")
    assert page == renewed(page, TERMS), "run: python -m sim.inputs.glossary sim/ODD.md"
    assert page.index(FIRST_LINE) < page.index("## 1 Purpose")


def test_no_two_terms_of_the_tables_have_one_name_and_none_is_left_out() -> None:
    lines = [line.split("|")[1].strip() for line in markdown(TERMS).splitlines() if "|" in line]
    named = [name for name in lines if name not in ("term", "---")]
    assert named == [term.name for term in TERMS]
    assert len({name.lower() for name in named}) == len(named)


def test_report_and_help_show_some_of_the_terms_and_no_word_of_a_market_is_left_open() -> None:
    for audience in AUDIENCES:
        assert 5 <= len(shown_terms(audience)) < len(TERMS)
    assert not [term.name for term in TERMS if "{" in term.meaning()]


def test_a_market_names_its_own_people() -> None:
    naive = next(term for term in TERMS if term.name == "naive rule")
    words = {"crews": "Indian workers", "standard_worker": "a resident"}
    assert "Indian workers gone" in naive.meaning(words)
    assert "Indian" not in naive.meaning()


def test_the_help_explains_its_terms() -> None:
    said = " ".join(help_text(CONFIGS).split())
    for term in shown_terms("help"):
        assert f" {term.name} {term.meaning()}" in said


def test_a_good_entry_is_read_as_written(tmp_path: Path) -> None:
    entry = GOOD | {"measure": "heads", "key": "market.scale", "shown_in": ["help"]}
    (plain, full) = read_glossary(written(tmp_path, {"Topic": {"a": GOOD, "b": entry}}))
    assert plain == Term("Topic", "a", *GOOD.values())
    assert full == Term("Topic", "b", *GOOD.values(), "heads", "market.scale", ("help",))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unit": None}, "unit: given null, needs text"),
        ({"unit": "a | b"}, "without |"),
        ({"units": "none"}, "the closest existing key is unit"),
        ({"definition": "No full stop"}, "one or two sentences, has 0"),
        ({"definition": "One. Two. Three."}, "one or two sentences, has 3"),
        ({"definition": "The pay of {people}."}, "{people} is no word of a market"),
        ({"definition": "An {open brace."}, "braces closed"),
        ({"computed_in": "sim/paired.txt"}, "needs FILE or FILE:NAME"),
        ({"computed_in": "sim/paired.py: simulate_shared_history"}, "needs FILE or FILE:NAME"),
        ({"shown_in": ["page"]}, "needs a list of report, help"),
        ({"shown_in": []}, "needs a list of report, help"),
        ({"shown_in": "help"}, "needs a list of report, help"),
    ],
)
def test_a_malformed_field_is_refused(change: dict[str, object], said: str, tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, {"Topic": {"baseline": GOOD | change}})
    assert "Topic: baseline: " in problem
    assert said in problem


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    short = {name: GOOD[name] for name in ("field_term", "definition")}
    problems = problems_in(
        tmp_path,
        {"First": {"a": short, "b": "text", "c": GOOD}, "Second": {"c": GOOD}, "Third": None},
    )
    assert len(problems) == 5
    for words in (
        "First: a: unit is missing",
        "First: a: computed_in is missing",
        "First: b: given 'text', needs a mapping with field_term, definition, unit, computed_in",
        "Second: c: already defined under First",
        "Third: given null, needs a mapping of terms",
    ):
        assert sum(words in problem for problem in problems) == 1


def test_the_command_prints_the_tables_and_renews_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(f"before\n{FIRST_LINE}\nold\n{LAST_LINE}\nafter\n", encoding="utf-8")
    for arguments in ([], [str(page)]):
        monkeypatch.setattr(sys, "argv", ["glossary", *arguments])
        runpy.run_path(str(ROOT / "sim/inputs/glossary.py"), run_name="__main__")
    assert capsys.readouterr().out == markdown(TERMS)
    tables = f"{FIRST_LINE}\n\n{markdown(TERMS)}\n{LAST_LINE}"
    assert page.read_text(encoding="utf-8") == f"before\n{tables}\nafter\n"


@pytest.mark.parametrize("page", ["no marks", f"{FIRST_LINE}\n", f"{FIRST_LINE}{LAST_LINE}" * 2])
def test_a_page_without_a_place_for_the_tables_is_not_touched(page: str) -> None:
    with pytest.raises(ValueError, match="needs one line"):
        renewed(page, TERMS)


def test_the_shipped_file_needs_no_market() -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    meanings = " ".join(term.meaning() for term in read_glossary())
    for word in ("Russian", "North Korea", "Chinese", "Primor", "krai"):
        assert word not in meanings
    assert "population.north_korean" in text
