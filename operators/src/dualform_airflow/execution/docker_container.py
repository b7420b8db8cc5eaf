"""One task's container, from its creation to its removal."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import struct
from collections.abc import Callable
from typing import Any

from .._compat import AirflowException
from .docker_client import in_words
from .lines import LineSplitter

log = logging.getLogger(__name__)

_FRAME = struct.Struct(">BxxxL")
_TERMINATED, _KILLED = 143, 137
# A busy engine at times says this of a container that was stopped while it read how the process had ended.
_NOT_KNOWN = 127
_END_S = 20


class DockerContainer:
    """A container that its caller stays attached to.

    Args:
        client: the engine's API.
        stopper: a second client, because ``stop`` may run in a signal handler while the first is in use.
        container_id: the container, which has been created.
        grace_s: whole seconds between SIGTERM and SIGKILL.
    """

    def __init__(self, client: Any, stopper: Any, container_id: str, grace_s: int) -> None:
        self._client, self._stopper = client, stopper
        self._id, self._grace_s = container_id, grace_s
        self._stopped = False
        self._started = False
        self._attached: Any = None

    def start(self, request: bytes) -> None:
        """Starts it and sends the request, a line. The connection stays: its end tells the task to stop."""
        with in_words("attach to the container"):
            streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            self._attached = self._client.attach_socket(self._id, params=streams)
        with in_words("start the container"):
            if self._stopped:
                return
            self._client.start(self._id)
            self._started = True
        if self._stopped:
            self.stop()
        connection = _socket_of(self._attached)
        # The client's time limit is for its calls; a task may print nothing for hours.
        connection.settimeout(None)
        # One that ended at once does not read. Its exit code and its output say why.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)

    def read(self, on_line: Callable[[str], None]) -> None:
        """Hands over each line until both streams end, the error stream's too."""
        if not self._started:
            return
        splitters: dict[int, LineSplitter] = {}
        with contextlib.suppress(ConnectionResetError):
            while len(header := self._receive(_FRAME.size)) == _FRAME.size:
                stream, size = _FRAME.unpack(header)
                for line in splitters.setdefault(stream, LineSplitter()).feed(self._receive(size)):
                    on_line(line)
        for splitter in splitters.values():
            for line in splitter.end():
                on_line(line)

    def exit_code(self) -> int:
        """The exit code of the container, which has ended; 137 where it ran out of memory."""
        from requests.exceptions import ReadTimeout

        if not self._started:
            return _TERMINATED
        with in_words("tell how the container ended"):
            try:
                code = int(self._client.wait(self._id, timeout=_END_S)["StatusCode"])
            except ReadTimeout as running:
                raise AirflowException(
                    "The connection to the container was lost while it ran; it is stopped now. Trying again may help."
                ) from running
            state = self._client.inspect_container(self._id)["State"]
        if self._stopped and code == _NOT_KNOWN:
            return _TERMINATED
        return _KILLED if state.get("OOMKilled") and code else code

    def stop(self) -> None:
        """Ends it: SIGTERM, then SIGKILL. It does nothing where it has ended."""
        self._stopped = True
        try:
            self._stopper.stop(self._id, timeout=self._grace_s)
        except Exception as error:  # it must not stop the worker from ending
            log.warning("The container %s could not be stopped: %s", self._id[:12], error)

    def remove(self) -> None:
        """Removes it with its unnamed volumes, and kills it before if it still runs."""
        if self._attached is not None:
            self._attached.close()
        try:
            self._client.remove_container(self._id, force=True, v=True)
        except Exception as error:  # how the task ended matters more
            log.warning("The container %s could not be removed: %s", self._id[:12], error)

    def _receive(self, size: int) -> bytes:
        """So many bytes; fewer where the stream ends before."""
        connection = _socket_of(self._attached)
        found = b""
        while len(found) < size and (more := connection.recv(size - len(found))):
            found += more
        return found


def _socket_of(attached: Any) -> socket.socket:
    """The socket itself: over a Unix socket and plain TCP, the client hands out a file over it."""
    return attached._sock if isinstance(attached, io.RawIOBase) else attached  # type: ignore[no-any-return,attr-defined]
