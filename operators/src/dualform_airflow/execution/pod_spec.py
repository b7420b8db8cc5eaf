"""The pod of a task: defaults, under the user's template, under the mode's arguments. Merged by the provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator
from kubernetes.client import ApiClient
from kubernetes.client import models as k8s

from .._compat import AirflowFailException

CONTAINER = "base"
REQUEST_FOLDER = "/dualform"
REQUEST_FILE = "request.json"
# The numeric user of the task image.
_USER = 10001
_DEFAULTS: Mapping[str, Any] = {
    "spec": {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            # Volumes belong to this group, so that the user may write to them.
            "fsGroup": _USER,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": CONTAINER,
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
            }
        ],
    }
}
# Where a task writes. What is not on a volume of the user's lives as long as the pod.
_WRITABLE = ("/tmp", "/cache")  # noqa: S108 - a folder of the container's own


def read_template(template: str | Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The user's pod, from a YAML file or as it was given.

    Raises:
        AirflowFailException: the file is missing, or what it holds is no pod. A misspelt field would have no effect.
    """
    if template is None:
        return {}
    origin = f"The pod template {template}" if isinstance(template, str) else "The pod template"
    if isinstance(template, str):
        try:
            template = yaml.safe_load(Path(template).read_text(encoding="utf-8"))
        except (OSError, UnicodeError, yaml.YAMLError) as error:
            raise AirflowFailException(f"{origin} cannot be read: {error}.") from error
    if not isinstance(template, Mapping) or template.get("kind", "Pod") != "Pod":
        raise AirflowFailException(f'{origin} has to be a pod, that is, an object with "kind: Pod".')
    try:
        understood = _plain(PodGenerator.deserialize_model_dict(_with_container(template)))
    except (TypeError, ValueError, AttributeError) as error:
        raise AirflowFailException(f"{origin} is not a pod: {error}.") from error
    if unknown := list(_lost(template, understood)):
        raise AirflowFailException(
            f"{origin} has fields that no pod has: {', '.join(unknown)}. "
            "Kubernetes writes them like nodeSelector and volumeMounts."
        )
    return template


def build_pod(
    template: Mapping[str, Any], arguments: Mapping[str, Any], volumes: Mapping[str, Any], workspace: str
) -> k8s.V1Pod:
    """The pod, without what belongs to one attempt.

    Args:
        template: the user's pod.
        arguments: what the mode was told, as a pod. It wins.
        volumes: what is mounted where, by mount path.
        workspace: the workspace's path.
    """
    pod = PodGenerator.deserialize_model_dict(_with_container(_DEFAULTS))
    for layer in (template, arguments):
        pod = PodGenerator.reconcile_pods(pod, PodGenerator.deserialize_model_dict(_with_container(layer)))
    for path, source in volumes.items():
        _mount(pod, path, source)
    for path in (workspace, *_WRITABLE):
        if not is_mounted(pod, path):
            _mount(pod, path, {"emptyDir": {}})
    return pod


def attach_secret(pod: k8s.V1Pod, secret: str, variables: Sequence[str]) -> None:
    """Mounts the request, and takes environment variables from the same Secret.

    Args:
        pod: changed in place.
        secret: the Secret's name.
        variables: names of variables; the Secret has their values by the same keys.
    """
    items = [{"key": REQUEST_FILE, "path": REQUEST_FILE}]
    _mount(pod, REQUEST_FOLDER, {"secret": {"secretName": secret, "items": items, "defaultMode": 0o444}})
    container = pod.spec.containers[0]
    container.env = [
        *(container.env or []),
        *(
            k8s.V1EnvVar(
                name=name,
                value_from=k8s.V1EnvVarSource(secret_key_ref=k8s.V1SecretKeySelector(name=secret, key=name)),
            )
            for name in variables
        ),
    ]


def add_variable(pod: k8s.V1Pod, name: str, value: str) -> None:
    container = pod.spec.containers[0]
    container.env = [*(container.env or []), k8s.V1EnvVar(name=name, value=value)]


def is_mounted(pod: k8s.V1Pod, path: str) -> bool:
    """Whether a volume holds that path."""
    return any(_holds(mount.mount_path, path) for mount in pod.spec.containers[0].volume_mounts or [])


def outlives_pod(pod: k8s.V1Pod, path: str) -> bool:
    """Whether what is written to that path is still there for the next pod."""
    mounts = [mount for mount in pod.spec.containers[0].volume_mounts or [] if _holds(mount.mount_path, path)]
    if not mounts:
        return False
    nearest = max(mounts, key=lambda mount: len(mount.mount_path))
    volume = next((each for each in pod.spec.volumes or [] if each.name == nearest.name), None)
    return volume is not None and volume.empty_dir is None


def _holds(mount: str, path: str) -> bool:
    return path == mount or path.startswith(mount.rstrip("/") + "/")


def _mount(pod: k8s.V1Pod, path: str, source: Mapping[str, Any]) -> None:
    name = f"dualform-{len(pod.spec.volumes or [])}"
    holder = _with_container({"spec": {"volumes": [{"name": name, **source}]}})
    pod.spec.volumes = [*(pod.spec.volumes or []), *PodGenerator.deserialize_model_dict(holder).spec.volumes]
    container = pod.spec.containers[0]
    container.volume_mounts = [*(container.volume_mounts or []), k8s.V1VolumeMount(mount_path=path, name=name)]


def _with_container(layer: Mapping[str, Any]) -> dict[str, Any]:
    """The layer with a first container, which the provider merges by position."""
    spec = dict(layer.get("spec") or {})
    spec["containers"] = spec.get("containers") or [{"name": CONTAINER}]
    return {**layer, "metadata": layer.get("metadata") or {}, "spec": spec}


def _plain(pod: k8s.V1Pod) -> Any:
    return ApiClient().sanitize_for_serialization(pod)


def _lost(given: Any, understood: Any, path: str = "") -> Iterator[str]:
    """The fields of what was given that are not in what was understood."""
    if isinstance(given, Mapping):
        for name, value in given.items():
            here = f"{path}.{name}" if path else str(name)
            if value is not None and (not isinstance(understood, Mapping) or name not in understood):
                yield here
            elif value is not None:
                yield from _lost(value, understood[name], here)
    elif isinstance(given, Sequence) and not isinstance(given, str) and isinstance(understood, Sequence):
        for number, (value, known) in enumerate(zip(given, understood, strict=False)):
            yield from _lost(value, known, f"{path}[{number}]")
