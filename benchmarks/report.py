"""The tables: what each page takes on a small desk and on a large one."""

import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks import clocks, load, work, working_time
from benchmarks.cases import Case, cases
from benchmarks.engine import fill
from benchmarks.timing import Timing, measured

DOCUMENT: Final = Path(__file__).parent.parent / "docs" / "performance.md"
_BEGIN, _END = "<!-- make bench writes from here -->\n", "<!-- to here -->\n"
_GROWTH: Final = 1.3
# Growth below so many milliseconds is nothing that anybody could feel, and mostly noise.
_FELT: Final = 1.0

Measured = dict[tuple[str, str], tuple[Case, Timing]]


def make(given: Namespace) -> None:
    """Measure both desks and say what came of it."""
    few = _measure(given.few, given)
    many = _measure(given.many, given)
    text = "\n".join(_tables(few, many, given))
    sys.stdout.write(text)
    if given.write and not given.only:
        before, _old, rest = DOCUMENT.read_text(encoding="utf-8").partition(_BEGIN)
        after = rest.partition(_END)[2]
        DOCUMENT.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


def _measure(tickets: int, given: Namespace) -> Measured:
    began = time.monotonic()
    fill(tickets)
    _tell(f"{tickets:,} tickets are there after {time.monotonic() - began:.0f} s.")
    found: Measured = {}
    for case in cases():
        if given.only not in f"{case.group} {case.name}":
            continue
        found[case.group, case.name] = case, measured(case.call, given.times, reads=case.reads)
        timing = found[case.group, case.name][1]
        _tell(f"  {case.group}: {case.name}: {timing.p50:.1f} ms, {timing.queries} queries")
    return found


def _tables(few: Measured, many: Measured, given: Namespace) -> Iterator[str]:
    sizes = f"{given.few:,}", f"{given.many:,}"
    group = ""
    over = list[str]()
    for key, (case, now) in many.items():
        before = few[key][1]
        if case.group != group:
            group = case.group
            yield f"\n**{group[0].upper()}{group[1:]}**, milliseconds\n"
            yield f"| what | {sizes[0]}: p50 | p95 | {sizes[1]}: p50 | p95 | its SQL alone | grown | queries |"
            yield "|---|---:|---:|---:|---:|---:|---:|---:|"
        grown = now.quick / before.quick
        yield (
            f"| {case.name} | {before.p50:.1f} | {before.p95:.1f} | {now.p50:.1f} | {now.p95:.1f} "
            f"| {'' if now.sql is None else f'{now.sql:.1f}'} | {grown:.2f} × | {_queries(before, now)} |"
        )
        over += _misses(case, before, now, grown)
    if given.only in load.NAME:
        yield f"\n**Load**: {load.ABOUT}\n"
        yield from load.table()
    if given.only in working_time.NAME:
        yield "\n**Working time**, microseconds\n"
        yield from working_time.table()
    if given.only in clocks.NAME:
        yield "\n**Clocks**\n"
        yield from clocks.table()
    if given.only in work.NAME:
        yield "\n**Workers**, each one process on the large desk\n"
        yield from work.table()
    yield "\n" + ("\n".join(("Beyond their goals:\n", *over)) if over else "Everything is within its goals.") + "\n"


def _misses(case: Case, before: Timing, now: Timing, grown: float) -> Iterator[str]:
    if case.limit is not None and now.p50 > case.limit:
        yield f"- {case.group}: {case.name} takes {now.p50:.1f} ms; the goal is {case.limit:.0f} ms."
    if case.limit is not None and grown > _GROWTH and now.quick - before.quick > _FELT:
        yield f"- {case.group}: {case.name} grows {grown:.2f} ×; the goal is {_GROWTH} ×."


def _queries(before: Timing, now: Timing) -> str:
    return str(now.queries) if before.queries == now.queries else f"{before.queries}, {now.queries}"


def _tell(words: str) -> None:
    sys.stderr.write(f"{words}\n")
