"""Dashboard and alert rules ask for metrics that there are, and say what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.conversations.model import Decision
from bot.insight.backlog import Backlog, Queue
from bot.insight.dead_letters import Kind
from bot.meter import Stop
from bot.metrics import Metrics, Present
from tests.conftest import PROJECT

FOLDER = PROJECT / "docker" / "observability"
METRIC = re.compile(r"\b(?:postbote|process)_[a-z_]+\b")
LABEL = re.compile(r"(\w+)(?:=|=~)\"([^\"]*)\"")
FROM_PROMETHEUS = {"job", "instance"}
"""Labels that Prometheus adds."""


class FullBacklogs:
    """In every queue there is something."""

    async def now(self) -> Backlog:
        """See the port."""
        return Backlog(1, 1.0, 1, 1.0, 1, {kind: Queue(1, 1, 1.0) for kind in Kind})


@pytest.fixture
async def samples() -> dict[str, dict[str, set[str]]]:
    """Every metric with its labels and their values, after one of everything has happened."""
    metrics = Metrics(FullBacklogs())
    metrics.accepted("web")
    metrics.requested("GET", 500)
    for stop in Stop:
        metrics.passed(stop, 0.1)
    for decision in (*Decision, "failed"):
        metrics.turned(decision)
    for outcome in ("sent", "retry", "dead"):
        metrics.delivered("messages", outcome)
    metrics.swept("codes", 1)
    page = (await metrics.text(Present(1, 1, "v", "run"))).decode()
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for name, value in sample.labels.items():
                labels.setdefault(name, set()).add(value)
    return found


def rules() -> list[dict[str, object]]:
    """Of all groups."""
    read = yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, object]]:
    """Without the rows."""
    read = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
    return [panel for panel in read["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    """Everything that Prometheus is asked."""
    yield from (str(rule["expr"]) for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def test_every_metric_and_label_exists(samples: dict[str, dict[str, set[str]]]) -> None:
    """A name with a slip of the pen would show an empty panel, and never raise an alarm."""
    asked = set()
    for expression in expressions():
        for name in METRIC.findall(expression):
            assert name in samples, f"{name} in {expression}"
            asked.add(name)
        for name, selector in re.findall(r"((?:postbote|process)_[a-z_]+){([^}]*)}", expression):
            for label, value in LABEL.findall(selector):
                if label not in FROM_PROMETHEUS:
                    assert any(re.fullmatch(value, each) for each in samples[name][label]), (
                        f"{selector} in {expression}"
                    )
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            known = {label for name in METRIC.findall(expression) for label in samples[name]} | FROM_PROMETHEUS
            assert set(re.split(r",\s*", grouped)) <= known, expression
    assert len(asked) > 15


def test_every_metric_of_ours_is_shown_or_watched(samples: dict[str, dict[str, set[str]]]) -> None:
    """What nobody looks at need not be counted; the role is there to be joined with others."""
    asked = {name for expression in expressions() for name in METRIC.findall(expression)}
    shown = {re.sub(r"_bucket$", "", name) for name in asked}
    assert ours(samples) - shown == {"postbote_process_info"}


def ours(samples: dict[str, dict[str, set[str]]]) -> set[str]:
    """Names of metrics, without what Prometheus' format adds to those of histograms and counters."""
    names = {name for name in samples if name.startswith("postbote_") and not name.endswith("_created")}
    return {re.sub(r"_(bucket|count|sum)$", "", name) for name in names}


def test_every_alert_says_what_to_do() -> None:
    """And how bad it is; each by a name of its own."""
    for rule in rules():
        assert set(rule["annotations"]) == {"summary", "action"}, rule
        assert rule["labels"]["severity"] in {"critical", "warning"}
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))


def test_panels_do_not_overlap() -> None:
    """Each has its own id and place, and shows something."""
    ids = [panel["id"] for panel in panels()]
    assert len(ids) == len(set(ids))
    places = set()
    for panel in panels():
        grid = panel["gridPos"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert grid["x"] + grid["w"] <= 24
        assert not cells & places
        places |= cells
        assert panel["targets"]


def test_the_page_about_it_names_every_metric(samples: dict[str, dict[str, set[str]]]) -> None:
    """docs/how-to/watch-it.md, and the alerts too."""
    page = Path(PROJECT / "docs" / "how-to" / "watch-it.md").read_text("utf-8")
    assert ours(samples) == set(re.findall(r"`(postbote_[a-z_]+)`", page))
    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in page] == []
