"""What grows with the FAQ: training, the time of an answer, and how often it is the right one."""

import asyncio
import shutil
import statistics
import subprocess
from collections.abc import Collection
from dataclasses import replace

from benchmarks.load import ask
from benchmarks.synthetic import Entry, entries, questions, write_faq
from benchmarks.systems import PROJECT, WORK, postbote, running, train
from benchmarks.table import GROWTH_OF_ANSWERS, Row

ASKED = 300
CHANGED = 1000
"""The size of the FAQ of which one entry is changed."""


def measure_change() -> Row:
    """Train again after an editor changed one entry of the seed FAQ."""
    print("One changed entry: training …", flush=True)
    faq = WORK / "faq-changed"
    shutil.copytree(PROJECT / "data" / "faq", faq, dirs_exist_ok=True)
    file = min(faq.glob("*.md"))
    file.write_text(f"{file.read_text('utf-8').rstrip()} Das steht jetzt auch hier.\n", "utf-8")
    return {"training after one changed entry, s": train(postbote(faq))}


def measure_faqs(sizes: Collection[int]) -> Row:
    """Of FAQs of these sizes."""
    row: Row = {}
    for size in sizes:
        try:
            row |= _measure(size)
        except subprocess.CalledProcessError as error:
            # Such as for want of memory; the other sizes are worth their lines all the same.
            print(f"  No figures of {size:,} entries: {error}", flush=True)
    answers = [row.get(_answer(size)) for size in (10, 1000)]
    if all(answers):
        small, large = answers
        row[GROWTH_OF_ANSWERS] = float(large or 0) / float(small or 1)
    return row


def _measure(size: int) -> Row:
    print(f"An FAQ of {size:,} entries: training …", flush=True)
    faq, written = WORK / f"faq-{size}", entries(size)
    write_faq(faq, written)
    system = postbote(faq)
    row: Row = {f"training of {size:,} entries, s": train(system)}
    if size == CHANGED:
        write_faq(faq, [_changed(written[0]), *written[1:]])
        row[f"training of {size:,} entries after one changed, s"] = train(system)
    print("  answers …", flush=True)
    asked = questions(written, ASKED)
    with running(system) as server:
        answers = asyncio.run(ask(server.url, [text for text, _ in asked]))
        memory = server.memory()
    right = [mark in answer.text for answer, (_, mark) in zip(answers, asked, strict=True)]
    return row | {
        _answer(size): statistics.median(answer.milliseconds for answer in answers),
        f"{size:,} entries: right at first, %": 100 * sum(right) / len(right),
        f"{size:,} entries: memory in all, MB": memory,
    }


def _answer(size: int) -> str:
    return f"{size:,} entries: answer, ms (median)"


def _changed(entry: Entry) -> Entry:
    return replace(entry, deed="ausschneiden")
