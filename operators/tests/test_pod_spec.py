"""The pod that the mode kubernetes asks for: defaults, template and arguments."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from dualform_airflow._compat import AirflowFailException
from dualform_airflow.execution import Invocation, Kubernetes, choose

IDENTITY = {"dag_id": "d", "run_id": "r", "task_id": "t", "map_index": -1, "try_number": 1}


def pod(**arguments: Any) -> Any:
    return Kubernetes(**{"image": "task:1", **arguments})._pod("/workspace")


def container(**fields: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "base", **fields}]}}


def test_a_template_wins_over_defaults_and_arguments_over_both() -> None:
    template = {
        "metadata": {"labels": {"team": "nlp", "cost": "7"}},
        "spec": {
            "priorityClassName": "low",
            "automountServiceAccountToken": True,
            "securityContext": {"runAsUser": 1000},
            "nodeSelector": {"disk": "slow"},
            "containers": [{"name": "any", "image": "other:1", "env": [{"name": "A", "value": "1"}]}],
        },
    }
    built = pod(template=template, node_selector={"disk": "fast"}, labels={"cost": "8"}, environment={"B": "2"})
    assert built.metadata.labels == {"team": "nlp", "cost": "8"}
    assert built.spec.priority_class_name == "low"
    assert built.spec.automount_service_account_token is True
    assert (built.spec.security_context.run_as_user, built.spec.security_context.run_as_non_root) == (1000, None)
    assert built.spec.node_selector == {"disk": "fast"}
    (task,) = built.spec.containers
    assert task.image == "task:1"
    assert task.security_context.read_only_root_filesystem is True
    assert [(each.name, each.value) for each in task.env] == [("A", "1"), ("B", "2")]


def test_what_is_not_mounted_is_an_empty_folder() -> None:
    template = container(volumeMounts=[{"name": "scratch", "mountPath": "/tmp"}])  # noqa: S108 - in the container
    template["spec"]["volumes"] = [{"name": "scratch", "emptyDir": {"medium": "Memory"}}]
    built = pod(template=template, volumes={"/workspace": "claim", "/models": {"nfs": {"server": "s", "path": "/m"}}})
    volumes = {each.name: each for each in built.spec.volumes}
    mounted = {each.mount_path: volumes[each.name] for each in built.spec.containers[0].volume_mounts}
    assert sorted(mounted) == ["/cache", "/models", "/tmp", "/workspace"]  # noqa: S108
    assert mounted["/tmp"].empty_dir.medium == "Memory"  # noqa: S108
    assert mounted["/workspace"].persistent_volume_claim.claim_name == "claim"
    assert mounted["/models"].nfs.path == "/m"
    assert mounted["/cache"].empty_dir is not None


def test_misspelt_fields_of_a_template_are_all_named() -> None:
    template = container(volume_mounts=[])
    template["spec"]["node_selector"] = {"a": "b"}
    with pytest.raises(AirflowFailException, match=r"spec\.containers\[0\]\.volume_mounts, spec\.node_selector"):
        pod(template=template)


@pytest.mark.parametrize(
    ("content", "says"),
    [("kind: Deployment", "has to be a pod"), ("[1]", "has to be a pod"), ("a: b: c", "cannot be read")],
)
def test_a_file_without_a_pod_is_refused(content: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text(content)
    with pytest.raises(AirflowFailException, match=says):
        pod(template=str(file))


def test_the_environment_names_image_and_template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text("kind: Pod\nspec: {hostNetwork: true, containers: [{name: base}]}\n")
    monkeypatch.setenv("DUALFORM_IMAGE", "task:2")
    monkeypatch.setenv("DUALFORM_KUBERNETES_TEMPLATE", str(file))
    monkeypatch.setenv("DUALFORM_EXECUTION", "kubernetes")
    mode = choose(None)
    assert isinstance(mode, Kubernetes)
    built = mode._pod("/workspace")
    assert (built.spec.host_network, built.spec.containers[0].image) == (True, "task:2")


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    with pytest.raises(AirflowFailException) as raised:
        Kubernetes(config_file=str(tmp_path / "none")).check()
    assert "No image: set DUALFORM_IMAGE" in str(raised.value)
    assert "No Kubernetes cluster is configured" in str(raised.value)


@pytest.mark.parametrize("volumes", [{}, {"/workspace": {"emptyDir": {}}}, {"/workspace/cache": "claim"}])
def test_a_shared_workspace_needs_a_volume(volumes: dict[str, Any]) -> None:
    mode = Kubernetes("task:1", volumes=volumes)
    with pytest.raises(AirflowFailException, match="NAME-OF-A-CLAIM"):
        mode.run(Invocation("plan", {"workspace": "/workspace"}, IDENTITY), lambda _: None)


@pytest.mark.parametrize("travels", [{"transport": "mlflow"}, {}])
def test_no_volume_is_needed_where_files_travel_through_mlflow(travels: dict[str, Any]) -> None:
    """The second is a plan alone: it sends no file, and the study that it speaks of sends all."""
    request = {"workspace": "/workspace", **travels}
    # With a volume missing, it is refused here.
    Kubernetes("task:1")._task_pod(Invocation("plan", request, IDENTITY, travels=not travels), [])
    with pytest.raises(AirflowFailException, match="NAME-OF-A-CLAIM"):
        Kubernetes("task:1")._task_pod(Invocation("plan", {"workspace": "/workspace"}, IDENTITY), [])


def test_without_the_provider_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def importing(name: str, *rest: Any) -> Any:
        if name.startswith("airflow.providers.cncf"):
            raise ImportError(name)
        return found(name, *rest)

    found = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(AirflowFailException, match=r"pip install 'dualform-airflow\[kubernetes\]'"):
        Kubernetes("task:1").check()


def test_what_airflow_keeps_of_the_mode_holds_no_variable() -> None:
    assert repr(Kubernetes("task:1")) == repr(Kubernetes("task:1"))
    assert "s3cret" not in repr(Kubernetes("task:1", environment={"A": "s3cret"}))
