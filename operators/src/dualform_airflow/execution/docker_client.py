"""The Docker engine through the provider's hook, with its errors in words that name the way out."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
from collections.abc import Iterator
from typing import Any

from .._compat import AirflowException, AirflowFailException, AirflowNotFoundException

log = logging.getLogger(__name__)

_DEFAULT_URL = "unix:///var/run/docker.sock"
_TIMEOUT_S = 60
_EXTRA = "pip install 'dualform-airflow[docker]'"


def check_installed() -> None:
    """Fails if the provider is missing, with the name of what installs it."""
    try:
        import airflow.providers.docker.hooks.docker  # noqa: F401
    except ImportError as missing:
        raise AirflowFailException(
            f"The execution mode docker needs Airflow's Docker provider on this worker ({missing}): {_EXTRA}"
        ) from missing


def check_engine() -> None:
    """Fails if this worker cannot open the engine's socket. What another machine says shows only when it is asked."""
    url = os.environ.get("DOCKER_HOST") or _DEFAULT_URL
    if not url.startswith("unix://"):
        return
    path = url.removeprefix("unix://")
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_TIMEOUT_S)
            probe.connect(path)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            raise AirflowFailException(
                f"The user of this worker (uid {os.getuid()}) may not use the Docker engine's socket {path}. Add it to "
                "the socket's group (usermod -aG docker USER, then restart the worker), or name another engine by "
                "DOCKER_HOST."
            ) from error
        raise AirflowException(
            f"No Docker engine answers at {path} ({error.strerror or error}). Start it (systemctl start docker), or "
            "name where it is by DOCKER_HOST, such as tcp://docker:2376 with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH."
        ) from error


def connect(connection: str | None, timeout_s: int = _TIMEOUT_S) -> Any:
    """The engine's API: a ``docker.APIClient`` for the engine that DOCKER_HOST names.

    Args:
        connection: the Airflow connection to the registry, which the hook logs in to.
    """
    from airflow.providers.docker.hooks.docker import DockerHook
    from docker.errors import APIError, DockerException
    from docker.utils import kwargs_from_env

    check_engine()
    try:
        engine = kwargs_from_env()
        url = engine.get("base_url", _DEFAULT_URL)
        hook = DockerHook(connection, base_url=url, version="auto", tls=engine.get("tls"), timeout=timeout_s)
        return hook.get_conn()
    except AirflowNotFoundException as missing:
        raise AirflowFailException(f"The Docker registry's connection {connection}: {missing}") from missing
    except APIError as refused:
        raise AirflowFailException(
            f"The registry refused the login of the connection {connection}: {refused.explanation or refused}"
        ) from refused
    except DockerException as wrong:
        raise AirflowFailException(
            f"The Docker engine's settings (DOCKER_HOST and others) are wrong: {wrong}"
        ) from wrong
    except AirflowException as error:
        raise AirflowException(
            f"The Docker engine at {url} does not answer as it should; the lines above say why. Trying again may help."
        ) from error


@contextlib.contextmanager
def in_words(doing: str) -> Iterator[None]:
    """Turns the engine's errors into those that Airflow retries, and those that it does not."""
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except APIError as refused:
        said = f"The Docker engine could not {doing}: {refused.explanation or refused}"
        if refused.is_client_error():
            raise AirflowFailException(said) from refused
        raise AirflowException(f"{said}. Trying again may help.") from refused
    except (DockerException, RequestException, ConnectionError, TimeoutError) as gone:
        raise AirflowException(
            f"The Docker engine went away or did not answer in time (to {doing}: {gone}). Trying again may help."
        ) from gone


def provide_image(client: Any, image: str, pull: str) -> None:
    """Sees to it that the engine has the image, and pulls it where it may."""
    from docker.errors import APIError, ImageNotFound

    by_hand = "or load it on the engine's machine: docker load -i dualform-task-VERSION.image.tar"
    with in_words(f"look for the image {image}"):
        try:
            present = bool(client.inspect_image(image))
        except ImageNotFound:
            present = False
    if pull == "never" and not present:
        raise AirflowFailException(f"The Docker engine has no image {image}, and pull is never. Let it pull, {by_hand}")
    if pull == "never" or (present and pull == "missing"):
        return
    log.info("Pulling %s", image)
    wrong = ""
    with in_words(f"pull {image}"):
        try:
            for event in client.pull(image, stream=True, decode=True):
                wrong = str(event.get("error", wrong))
        except APIError as refused:
            wrong = str(refused.explanation or refused)
    if wrong:
        advice = "A private registry needs docker_conn_id, a connection of type docker"
        kind = AirflowException if "timeout" in wrong.lower() else AirflowFailException
        raise kind(f"The Docker engine has no image {image} and cannot pull it: {wrong}. {advice}; {by_hand}")
