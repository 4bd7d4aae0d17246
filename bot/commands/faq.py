"""Show, check or import FAQ entries, or have phrasings drafted for them."""

import argparse
import asyncio
import difflib
import importlib
import sys
from pathlib import Path

from bot.faq.check import check_faq, check_sources
from bot.faq.findings import FaqError, Finding
from bot.faq.overview import get_entry, rasa_yaml, table
from bot.faq.reader import has_sources, read_faq, read_sources
from bot.faq.source import Source, parse_source
from bot.faq.structure import check_structure
from bot.faq.web.extract import extract
from bot.faq.web.merge import Plan, plan_import
from bot.faq.web.page import fetch_page, read_page
from bot.faq.writer import save


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`check`, `show`, `import` and `phrasings`, each with its own."""
    folder = argparse.ArgumentParser(add_help=False)
    folder.add_argument("--faq", type=Path, default=Path("data/faq"), metavar="DIR", help="FAQ folder (data/faq)")
    actions = parser.add_subparsers(required=True, metavar="check | show | import | phrasings")

    check = actions.add_parser("check", parents=[folder], help="find what is wrong; exit code 1 if something is")
    check.set_defaults(act=_check)

    show = actions.add_parser("show", parents=[folder], help="list all entries, or show what is derived from one")
    show.add_argument("slug", nargs="?", help="entry whose derived training data is wanted")
    show.set_defaults(act=_show)

    take = actions.add_parser("import", parents=[folder], help="read a published FAQ page into a topic's file")
    take.add_argument("page", metavar="URL-or-file.html")
    take.add_argument("--topic", metavar="NAME", help="the topic it becomes (the page's heading)")
    take.add_argument("--yes", action="store_true", help="write without asking")
    take.set_defaults(act=_import)

    draft = actions.add_parser("phrasings", help="have a language model draft phrasings, and write the approved ones")
    _add_arguments_of_phrasings(draft)
    draft.set_defaults(act=_phrasings)


def _add_arguments_of_phrasings(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Drafts come from the endpoint that POSTBOTE_PHRASINGS_URL and _MODEL name; without, none does."
    )
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="entries; without, those with the fewest phrasings")
    parser.add_argument("--faq", type=Path, metavar="DIR", help="FAQ folder (POSTBOTE_FAQ)")
    parser.add_argument("-n", "--number", type=_positive, default=15, metavar="N", help="drafts for each entry (15)")
    parser.add_argument(
        "--entries", type=_positive, default=10, metavar="N", help="entries at a time (10), without SLUG"
    )
    parser.add_argument(
        "--measure", action="store_true", help="train with what is approved and compare, before writing"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true", help="take all that do not collide, without asking")
    how.add_argument("--dry-run", action="store_true", help="show the drafts, write nothing")
    how.add_argument("--json", action="store_true", help="the same, as JSON")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more is needed")
    return number


def run(args: argparse.Namespace) -> int:
    """Do what was asked for."""
    code: int = args.act(args)
    return code


def _check(args: argparse.Namespace) -> int:
    try:
        faq = check_faq(args.faq)
    except FaqError as error:
        print(error)
        return 1
    phrasings = sum(len(entry.phrasings) for entry in faq.entries)
    print(f"{args.faq}: all is well (topics: {len(faq.topics)}, entries: {len(faq.entries)}, phrasings: {phrasings}).")
    return 0


def _show(args: argparse.Namespace) -> int:
    faq = read_faq(args.faq)
    print(rasa_yaml(get_entry(faq, args.slug)).rstrip() if args.slug else table(faq))
    return 0


def _import(args: argparse.Namespace) -> int:
    is_url = args.page.lower().startswith(("http://", "https://"))
    page = asyncio.run(fetch_page(args.page)) if is_url else read_page(Path(args.page))
    found = extract(page, args.page)
    sources = _sources_so_far(args.faq)
    plan = plan_import(sources, found, args.topic, args.faq)
    print(f"{args.page}: {len(found.pairs)} entries, found as {found.form}.")
    for note in plan.notes:
        print(f"- {note}.")
    if plan.new == plan.old:
        print(f"{plan.path}: nothing to change.")
        return 0
    print(_difference(plan))
    wrong = [finding for finding in _findings(plan, sources) if finding.startswith(f"{plan.path}:")]
    if wrong:
        print("After the import `faq check` will say:", *wrong, sep="\n")
    if not args.yes and not _agreed(plan):
        print("Nothing was written.")
        return 1
    _write(plan)
    print(f"{plan.path}: written.")
    return 1 if wrong else 0


def _phrasings(args: argparse.Namespace) -> int:
    # Imported by name, so that `faq check` does not wait for Rasa's import.
    code: int = importlib.import_module("bot.commands.faq_phrasings").run(args)
    return code


def _write(plan: Plan) -> None:
    try:
        plan.path.parent.mkdir(parents=True, exist_ok=True)
        save(plan.path, plan.new)
    except OSError as error:
        problem = f"cannot be written ({error.strerror})"
        raise FaqError([Finding(str(plan.path), 1, problem, "Make the folder writable, or name another.")]) from error


def _sources_so_far(folder: Path) -> tuple[Source, ...]:
    """The FAQ's files; none in a new folder. Raises FaqError if one could not be put right by importing."""
    if not folder.exists() or (folder.is_dir() and not has_sources(folder)):
        return ()
    sources = read_sources(folder)
    findings = tuple(check_structure(sources))
    if findings:
        raise FaqError(findings)
    return sources


def _difference(plan: Plan) -> str:
    before = str(plan.path) if plan.old else "/dev/null"
    lines = difflib.unified_diff(plan.old.splitlines(), plan.new.splitlines(), before, str(plan.path), lineterm="")
    return "\n".join(lines)


def _findings(plan: Plan, sources: tuple[Source, ...]) -> list[str]:
    others = [source for source in sources if Path(source.file) != plan.path]
    return list(map(str, check_sources([*others, parse_source(plan.new, plan.path)])))


def _agreed(plan: Plan) -> bool:
    if not sys.stdin.isatty():
        print("There is nobody to ask; `--yes` writes without asking.", file=sys.stderr)
        return False
    return input(f"Write {plan.path}? [y/N] ").strip().lower() in {"y", "yes", "j", "ja"}
