"""Files that are made to break the reader: each is refused at once, in one line, with little memory."""

import os
import time
from pathlib import Path

import pytest

from sim.lab.design.points import count, points
from sim.lab.design.ranges import Method
from sim.lab.design.reading import read
from sim.lab.design.scale import Scale
from sim.lab.design.toml_text import ExcessError, parse, parse_value
from sim.lab.files import UnusableFileError
from tests.support.experiments import TINY_TOML, experiment

MANY = ", ".join(["nan"] * 190_000)
SWEEP = "[0, 4]"
MECHANISM = '[mechanisms."{}"]\n"population.maturity" = 1\n'
HOSTILE = [
    ("lists nested 5,000 deep", (SWEEP, "[" * 5000 + "]" * 5000), "deep"),
    ("tables nested 5,000 deep", (SWEEP, "{a = " * 5000 + "1" + "}" * 5000), "deep"),
    ("lists nested 50 deep", (SWEEP, "[" * 50 + "]" * 50), "deep"),
    ("a whole number of 5,000 digits", (SWEEP, f"[{'9' * 5000}]"), "digits"),
    ("a number of 20,000 bits", (SWEEP, f"[0x{'f' * 5000}]"), "a whole number of 20000 bits"),
    ("a seed of 20,000 bits", ("[overrides]", f"seed = 0x{'f' * 5000}\n[overrides]"), "seed = a whole number"),
    ("a range to 20,000 bits", (SWEEP, f"{{from = 0, to = 0x{'f' * 5000}, steps = 3}}"), "sweep.environment.complexity.to"),
    ("a key of 50,000 parts", ("[sweep]", f"{'.'.join('a' * 50_000)} = 1\n[sweep]"), "more than 20 parts"),
    ("a key behind four quotes", ("[sweep]", f"t = {{x = '''a'''', {'.'.join('a' * 50_000)} = 1}}\n[sweep]"), "more than 20 parts"),
    ("a hexadecimal number", ("[sweep]", f"first_month = 0x{'f' * 5000}\n[sweep]"), "first_month = a whole number of 20000 bits"),
    ("a table of 50,000 parts", ("[sweep]", f"[{' . '.join('a' * 50_000)}]\n[sweep]"), "more than 20 parts"),
    ("more than a megabyte", ("[sweep]", "#" * 1_000_001 + "\n[sweep]"), "larger than 1,000,000 bytes"),
    ("200,000 wrong values", (SWEEP, f"[{MANY}]"), "nan is neither a number nor a word"),
    ("2,000 values", (SWEEP, str(list(range(2000)))), "at most 1000"),
    ("2,000 keys", ("[sweep]", "\n".join(f"k{i} = 1" for i in range(2000)) + "\n[sweep]"), "has a table of 2,002 keys"),
    ("endless range", (SWEEP, "{from = -1e308, to = 1e308, steps = 3}"), "environment.complexity"),
    ("endless log range", ("[0, 0.1]", '{from = 5e-324, to = 1e308, steps = 3, spacing = "log"}'), "environment.speed = 1e+308"),
    ("half-width of 1e308", ("number = 3", "half_width = 1e308"), "replications.half_width = 1e+308"),
    ("control characters", ("title", '"\\u001b[31mtitle"'), "\\x1b[31mtitle: unknown key"),
    ("title of two lines", ('"Tiny"', '"a\\nb"'), "one line"),
    ("name that erases the line", ('"advantage"', '"\\u001b[2Kadvantage"'), "contrasts.0.name"),
    ("name that is hidden", ('"advantage"', '"_advantage"'), "must not begin with _"),
    ("name of spaces", ('"advantage"', '" "'), "spaces"),
    ("a key of 200,000 characters", ("title", "t" * 200_000), "unknown key"),
    ("a word of 200,000 characters", ("[overrides]", f"world = '{'w' * 200_000}'\n[overrides]"), "is not known"),
    ("mechanism that is called none", ("[sweep]", MECHANISM.format("none") + MECHANISM.format("x") + "[sweep]"), "'none'"),
    ("mechanism that is called all", ("[sweep]", MECHANISM.format("all") + MECHANISM.format("x") + "[sweep]"), "'all'"),
    (
        "mechanism that is called like two",
        ("[sweep]", "".join(MECHANISM.format(name) for name in ("a", "b", "a + b")) + "[sweep]"),
        "'a + b'",
    ),
    ("two arms that look the same", ("[sweep]", '[arms."\\u00e9"]\n[arms."e\\u0301"]\n[sweep]'), "arms: two of them"),
    ("40 mechanisms", ("[sweep]", "".join(MECHANISM.format(f"m{i}") for i in range(40)) + "[sweep]"), "2^40 arms"),
    ("300 arms", ("[sweep]", "".join(f"[arms.a{i}]\n" for i in range(300)) + "[sweep]"), "at most 256"),
    (
        "chain of 200 arms in a circle",
        ("[sweep]", "".join(f'[arms.a{i}]\nbased_on = "a{(i + 1) % 200}"\n' for i in range(200)) + "[sweep]"),
        "goes in a circle",
    ),
    ("an outcome twice", ("[overrides]", 'outcomes = ["firms", "firms"]\n[overrides]'), "twice"),
    ("a swept name without quotes", ("[sweep]", "[sweep]\nenvironment.noise = 1"), "sweep.environment"),
    ("a known name without quotes", ("[sweep]", "[sweep]\nenvironment.speed = 1"), 'in quotes, as in "environment.speed"'),
    ("an override without quotes", ("[overrides]", "[overrides]\ndynamics.entry = 1"), 'in quotes, as in "dynamics.'),
    ("single brackets", ("[[contrasts]]", "[contrasts]"), "must be a list; write [[contrasts]]"),
    ("a byte of zero", ('"Tiny"', '"Ti\0ny"'), "is not TOML"),
]


def refusal(path: Path) -> str:
    """What the reader says; it must not take long to say it."""
    started = time.perf_counter()
    with pytest.raises(UnusableFileError) as refused:
        read(path)
    assert time.perf_counter() - started < 10
    message = str(refused.value)
    assert message.isprintable()
    assert len(message) < 500
    return message


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_a_hostile_file_is_refused_at_once_in_one_short_line(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    assert change[0] in TINY_TOML
    path.write_text(TINY_TOML.replace(*change))
    said = refusal(path)
    assert said.startswith(f"{path}: ")
    assert message in said


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("size", [2, 16])
def test_the_number_of_points_is_known_before_they_are_made(method: Method, size: int) -> None:
    ranges = {"environment.speed": {"from": 0.001, "to": 0.2, "spacing": "log"}, "environment.complexity": {"from": 0, "to": 11}}
    sampled = experiment(sweep={}, sample={"method": method, "size": size, "ranges": ranges})
    assert count(sampled) == len(points(sampled))
    listed = experiment(sweep={}, points=[{"environment.speed": 0.1}, {"environment.speed": 0.2}])
    assert (count(experiment()), count(listed), count(experiment(sweep={}))) == (4, 2, 1)


STEPS = "{from = 0, to = 1, steps = 1000}"
LARGE = {
    "grid": f'[sweep]\n"organisation.wage" = {STEPS}\n"organisation.caution" = {STEPS}\n"population.maturity" = {STEPS}\n',
    "sobol": '[sample]\nmethod = "sobol"\nsize = 65536\nranges = {"environment.speed" = {from = 0, to = 1}, '
    '"organisation.caution" = {from = 0, to = 1}}\n',
    "morris": '[sample]\nmethod = "morris"\nsize = 65536\nranges = {"environment.speed" = {from = 0, to = 1}, '
    '"organisation.caution" = {from = 0, to = 1}, "population.maturity" = {from = 0, to = 1}}\n',
    "arms": f'[sweep]\n"organisation.wage" = {STEPS}\n' + "".join(f"[arms.a{i}]\n" for i in range(250)),
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_designs_with_too_many_cells_are_refused_before_a_list_of_them_is_made(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("a point was made")

    monkeypatch.setattr("sim.lab.design.cells.points", fail)
    monkeypatch.setattr("sim.lab.design.checking.points", fail)
    path = tmp_path / "large.toml"
    head, tail = TINY_TOML.split("[sweep]")[0], TINY_TOML.split("[replications]")[1]
    path.write_text(f"{head}{text}[replications]{tail}")
    assert "cells; at most 200,000" in refusal(path)


def test_the_number_of_runs_is_checked_at_the_scale_that_is_run(tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text(TINY_TOML.replace("number = 3", "number = 100000").replace("[0, 4]", "[0, 1, 2, 3, 4, 5]"))
    assert read(path, Scale.QUICK)
    path.write_text(
        TINY_TOML.replace("number = 3", "number = 100000").replace("[0, 4]", str(list(range(12)) + list(range(13, 40))))
    )
    assert "runs; at most 2,000,000" in refusal(path)


def test_no_scale_leads_out_of_the_limits_of_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text(TINY_TOML.replace("number = 3", "number = 99000"))
    assert read(path, Scale.FULL).replications.number == 100_000
    path.write_text(TINY_TOML.replace("number = 3", "half_width = 1e9\ncap = 99000"))
    assert read(path, Scale.FULL).replications.cap == 100_000
    assert read(path, Scale.QUICK).replications.half_width == 1e9


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TINY_TOML.replace("\n", "\r\n").encode())
    assert read(path).title == "Tiny"


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zeros.toml").symlink_to("/dev/zero")
    (tmp_path / "circle.toml").symlink_to("circle.toml")
    (tmp_path / "folder.toml").mkdir()
    said = {name: refusal(tmp_path / f"{name}.toml") for name in ("pipe", "zeros", "circle", "folder", "x" * 5000, "zero\0")}
    assert "is a device or a pipe" in said["pipe"]
    assert "is a device or a pipe" in said["zeros"]
    assert "symbolic links" in said["circle"]
    assert "is a folder; name its files" in said["folder"]
    assert said["x" * 5000].endswith("file name too long")
    assert "null" in said["zero\0"]


HEAD = 'title = "R"\nquestion = "?"\nclaims = {}\n'
UNIVERSE = '[universes.u]\n"organisation.noise" = 0.1\n'
CLAIM = TINY_TOML.replace("groups =", "at_least = 0\ngroups =") + '[claim]\nnumber = 1\nstatement = "x"\n'


@pytest.mark.parametrize(
    "pattern", ["", ".", "..", "../*.toml", "/etc/*", "**", "**/*.toml", "a/b.toml", "C:x", "a\\\\b", "a\\u0000"]
)
def test_patterns_that_lead_out_of_the_folder_are_refused(pattern: str, tmp_path: Path) -> None:
    (tmp_path / "robust.toml").write_text(HEAD.format(f'["{pattern}"]') + UNIVERSE)
    assert "claims = " in refusal(tmp_path / "robust.toml")


def test_a_pattern_that_matches_robustness_files_leaves_them_out(tmp_path: Path) -> None:
    (tmp_path / "claim.toml").write_text(CLAIM)
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(HEAD.format('["*.toml"]') + UNIVERSE)
    assert read(tmp_path / "one.toml").universes
    (tmp_path / "claim.toml").unlink()
    assert "tests a claim" in refusal(tmp_path / "two.toml")


def test_a_claim_in_two_files_and_a_universe_called_like_the_base_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "robust.toml"
    (tmp_path / "claim_1.toml").write_text(CLAIM)
    path.write_text(HEAD.format('["claim_*"]') + '[universes."as it is"]\n"organisation.noise" = 0.1\n')
    assert "universes: two of them would be called 'as it is'" in refusal(path)
    (tmp_path / "claim_2.toml").write_text(CLAIM)
    assert "two of these files test claim 1" in refusal(path)


def test_the_cells_of_all_universes_are_counted_together(tmp_path: Path) -> None:
    (tmp_path / "claim.toml").write_text(CLAIM.replace("[0, 4]", "[0, 4]\n" + f'"organisation.wage" = {STEPS}'))
    (tmp_path / "robust.toml").write_text(
        HEAD.format('["claim.toml"]') + "[replications]\nnumber = 100000\n" + "".join(f"[universes.u{i}]\n" for i in range(90))
    )
    assert "728 cells with 100,000 seeds are 72,800,000 runs" in refusal(tmp_path / "robust.toml")


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w'",
        'x = """a.\n' + "b." * 90 + '"""',
        "# " + "." * 90,
        'x = "\\"' + "." * 90 + '"',
    ],
)
def test_dots_in_texts_and_comments_are_no_parts_of_keys(text: str) -> None:
    assert parse(text) is not None


@pytest.mark.parametrize("text", ['"""' + '\n\\"""' * 200_000, "'''" * 300_001, '"\\' * 500_000, "'" * 999_999, '"' * 999_999])
def test_unfinished_texts_take_no_longer_than_finished_ones(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ValueError):  # noqa: PT011
        parse(text)
    assert time.perf_counter() - started < 10


def test_a_value_on_the_command_line_is_one_value() -> None:
    assert [parse_value(text) for text in ("0.1", "true", "web 2.0", "[1, 2]", "")] == [0.1, True, "web 2.0", [1, 2], ""]
    for text in ("1\nb = 2", "[" * 5000, "9" * 5000):
        with pytest.raises(ExcessError):
            parse_value(text)
