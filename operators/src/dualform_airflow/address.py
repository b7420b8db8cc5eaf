"""The address of a server, put together from the parts of an Airflow connection."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_SCHEMES = ("http", "https")
_NAME = re.compile(r"[^\s/?#@:\[\]\\]+")
_PATH = re.compile(r"[^\s?#\\]*")


class AddressError(ValueError):
    """The parts make no address; the message says which part, and never repeats a password."""


def server_address(host: str, port: int | None = None, schema: str = "", conn_type: str = "") -> str:
    """The address, without a slash at its end.

    Args:
        host: a name or IP address, also with a port or path; or a whole address that begins with http:// or https://.
        port: of the server, where the host names none.
        schema: ``http`` or ``https``; anything else is a path.
        conn_type: of the connection: ``https`` decides for https where neither host nor schema does.

    Raises:
        AddressError: a part is wrong, or two parts contradict each other.
    """
    host, schema = host.strip(), schema.strip()
    if not host:
        raise AddressError("no host is given.")
    protocol = schema.lower() if schema.lower() in _SCHEMES else ""
    parts = _split(host, protocol or (conn_type if conn_type in _SCHEMES else "http"))
    if "://" in host and protocol and protocol != parts.scheme:
        raise AddressError(f"the host says {parts.scheme}, and the schema says {protocol}. Give one of them.")
    name = _name(parts)
    path = _path(parts.path, "" if protocol else schema)
    number = _port(parts, port)
    return f"{parts.scheme}://{name}{'' if number is None else f':{number}'}{path}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address means the machine itself."""
    name = host.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _split(host: str, scheme: str) -> SplitResult:
    whole = host if "://" in host else f"{scheme}://{_bracketed(host)}"
    try:
        parts = urlsplit(whole)
        _ = parts.hostname  # reads what stands in brackets
    except ValueError:
        raise AddressError("the host is no address; an IPv6 address is written as [::1] or [::1]:5000.") from None
    if "@" in parts.netloc:
        raise AddressError(
            "login and password are not written into an address, where logs would show them. Give them in the "
            "connection's own fields, or by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD."
        )
    if parts.scheme not in _SCHEMES:
        raise AddressError(f"the address {host!r} begins with neither http:// nor https://.")
    if parts.query or parts.fragment or whole.endswith(("?", "#")):
        raise AddressError("the address has a ? or #; give the server's address alone.")
    return parts


def _bracketed(host: str) -> str:
    """An IPv6 address in brackets; everything else as it is."""
    try:
        return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host
    except ValueError:
        return host


def _name(parts: SplitResult) -> str:
    name = parts.hostname or ""
    if ":" in name:
        return f"[{name}]"
    if not _NAME.fullmatch(name):
        raise AddressError(f"{parts.netloc!r} names no host.")
    return name


def _port(parts: SplitResult, port: int | None) -> int | None:
    try:
        own = parts.port
    except ValueError:
        own = 0
    if own == 0 or parts.netloc.endswith(":"):
        raise AddressError(f"the port in {parts.netloc!r} has to be a number from 1 to 65535.")
    if port is not None and not 1 <= port <= 65535:
        raise AddressError(f"the port has to be a number from 1 to 65535; it is {port}.")
    if own is not None and port is not None and own != port:
        raise AddressError(f"the host says port {own}, and the port is {port}. Give one of them.")
    return own if own is not None else port


def _path(own: str, schema: str) -> str:
    """The path, from the host or from the schema."""
    given, more = own.strip("/"), schema.strip("/")
    if given and more and given != more:
        raise AddressError(f"the host has the path /{given}, and the schema is {schema!r}. Give one of them.")
    path = given or more
    if not _PATH.fullmatch(path) or "://" in path:
        raise AddressError(f"{path!r} is no path of an address.")
    return f"/{path}" if path else ""
