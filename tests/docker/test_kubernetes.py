"""The manifests are what Kubernetes accepts, and what they say is what the code knows."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import COMMANDS
from bot.insight.backlog import Backlog
from bot.metrics import Metrics, Present
from tests.docker.checks import FOLDER, find_tool, kustomized, load, manifests, run, unknown

ROLES = ("gateway", "worker", "desk")
SHUTDOWN = 60
"""Seconds that aiohttp gives to requests that are under way when it is told to stop."""


def of(kind: str) -> dict[str, dict[str, Any]]:
    """All of a kind, by name."""
    return {each["metadata"]["name"]: each for each in manifests() if each["kind"] == kind}


@pytest.fixture
def pods() -> dict[str, dict[str, Any]]:
    """What each deployment makes, by role."""
    return {name.removeprefix("postbote-"): each["spec"]["template"]["spec"] for name, each in of("Deployment").items()}


@pytest.mark.parametrize("version", ["1.25", "1.37"])
def test_kubernetes_accepts_them(version: str, tmp_path: Path) -> None:
    """By the schemas of the oldest version that is meant and of a new one; no unknown field."""
    file = tmp_path / "all.yaml"
    file.write_text(kustomized(), "utf-8")
    said = run([find_tool("kubernetes-validate"), "--strict", "-k", version, file])
    assert "WARN" not in said


def test_every_setting_is_one(pods: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the config map and in what each pod adds; every file is one of the secret's that the guide makes."""
    (common,) = (each["data"] for each in of("ConfigMap").values())
    guide = (FOLDER.parent / "docs" / "how-to" / "install-with-containers.md").read_text("utf-8")
    for role, pod in pods.items():
        (container,) = pod["containers"]
        own = {each["name"]: each["value"] for each in container["env"]}
        assert container["envFrom"] == [{"configMapRef": {"name": next(iter(of("ConfigMap")))}}], role
        assert unknown(common | own) == []
        assert load(common | own, monkeypatch, tmp_path).port == 8080
        mounted = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
        for name, path in own.items():
            assert str(Path(path).parent) == mounted["secrets"], name
            assert f"--from-literal={Path(path).name}=" in guide, name


def test_every_command_is_one(pods: dict[str, dict[str, Any]]) -> None:
    """Each role has its own."""
    assert set(pods) == set(ROLES)
    for role, pod in pods.items():
        command, *more = pod["containers"][0]["args"]
        assert command in COMMANDS
        assert [command, *more] == (["desk", "serve"] if role == "desk" else [role])


def test_nothing_runs_with_more_rights_than_it_needs(pods: dict[str, dict[str, Any]]) -> None:
    """As the "restricted" standard of Kubernetes asks for, and read-only beside."""
    for role, pod in pods.items():
        who = pod["securityContext"]
        assert (who["runAsNonRoot"], who["runAsUser"], who["fsGroup"]) == (True, 10001, 10001), role
        assert who["seccompProfile"] == {"type": "RuntimeDefault"}, role
        assert pod["automountServiceAccountToken"] is False, role
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, role
            assert set(container["resources"]["limits"]) == {"memory"}, role
        writable = {each["mountPath"] for each in pod["containers"][0]["volumeMounts"] if not each.get("readOnly")}
        learning = {"/opt/postbote/data/faq"} if role == "desk" else set()
        assert writable == {"/tmp", "/var/lib/postbote"} | learning, role


def test_probes_ask_for_what_there_is(pods: dict[str, dict[str, Any]]) -> None:
    """A process that lives is not killed because the database is away; it only gets no work."""
    for role, pod in pods.items():
        (container,) = pod["containers"]
        paths = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
        assert {kind: where["path"] for kind, where in paths.items()} == {
            "startup": "/health/live",
            "liveness": "/health/live",
            "readiness": "/health/ready",
        }, role
        assert {where["port"] for where in paths.values()} == {"http"}
        assert container["ports"] == [{"name": "http", "containerPort": 8080}]


def test_pods_have_time_to_stop(pods: dict[str, dict[str, Any]]) -> None:
    """The balancer's pause, and what requests and turns that are under way may take."""
    for role, pod in pods.items():
        _, pause = pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]
        assert pod["terminationGracePeriodSeconds"] >= int(pause) + SHUTDOWN, role


def test_services_and_budgets_find_their_pods() -> None:
    """By the labels that the deployments give; the desk is one, and no budget can keep one of one."""
    labels = {name: each["spec"]["template"]["metadata"]["labels"] for name, each in of("Deployment").items()}
    for kind, names in (("Service", {"gateway", "desk"}), ("PodDisruptionBudget", {"gateway", "worker"})):
        found = of(kind)
        assert {name.removeprefix("postbote-") for name in found} == names
        for name, each in found.items():
            selector = each["spec"]["selector"]
            assert selector.get("matchLabels", selector) == labels[name]
    (ingress,) = of("Ingress").values()
    paths = ingress["spec"]["rules"][0]["http"]["paths"]
    ways = {each["path"]: each["backend"]["service"] for each in paths}
    assert ways == {
        "/desk": {"name": "postbote-desk", "port": {"name": "http"}},
        "/": {"name": "postbote-gateway", "port": {"name": "http"}},
    }


async def test_workers_grow_by_a_metric_that_there_is() -> None:
    """The name is the same in our /metrics, in the adapter's rule and in the autoscaler."""

    class Backlogs:
        async def now(self) -> Backlog:
            return Backlog(1, 7.0, 0, 0.0, 1, {})

    page = (await Metrics(Backlogs()).text(Present(0, 0, "v", "worker"))).decode()
    scaler = of("HorizontalPodAutoscaler")["postbote-worker"]["spec"]
    (metric,) = scaler["metrics"]
    name = metric["external"]["metric"]["name"]
    assert f"\n{name} 7.0\n" in page
    (rule,) = yaml.safe_load((FOLDER / "kubernetes" / "prometheus-adapter.yaml").read_text("utf-8"))["rules"][
        "external"
    ]
    assert f'__name__="{name}"' in rule["seriesQuery"]
    assert re.fullmatch(rule["name"]["matches"], name)
    for each in of("HorizontalPodAutoscaler").values():
        target = each["spec"]["scaleTargetRef"]["name"]
        assert target == each["metadata"]["name"]
        # What the autoscaler sets, the next `kubectl apply` must not set back.
        assert "replicas" not in of("Deployment")[target]["spec"]
        assert each["spec"]["minReplicas"] >= 2
