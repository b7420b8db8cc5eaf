"""etcd and Kubernetes' API server, on loopback; with them the scheduler and the controllers that a node needs."""

from __future__ import annotations

import json
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from . import binaries
from .process import Server, free_port

# Those that make a node schedulable, remove what a deleted pod owned, and empty deleted namespaces.
_CONTROLLERS = "node-lifecycle-controller,garbage-collector-controller,namespace-controller"

LIMITED_USER = "limited"


class ControlPlane:
    """The running API server.

    Args:
        folder: for everything it writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "kubeconfig.json"
        # Of a user who may do nothing until a test binds a role to it.
        self.limited_config = folder / "limited-kubeconfig.json"
        self._port = free_port()
        self._servers: list[Server] = []

    def start(self) -> None:
        etcd = self._start_etcd()
        admin, limited = self._write_identities()
        self._start_api_server(etcd)
        self._write_config(self.config, admin)
        self._write_config(self.limited_config, limited)
        self._servers[-1].wait_for(self._is_ready)

    def start_scheduling(self) -> None:
        """Adds the scheduler and the controllers; neither serves anything."""
        common = (f"--kubeconfig={self.config}", "--leader-elect=false", "--secure-port=0")
        self._start("kube-scheduler", *common)
        self._start("kube-controller-manager", *common, f"--controllers={_CONTROLLERS}")

    def stop(self) -> None:
        while self._servers:
            self._servers.pop().stop()

    @cached_property
    def core(self) -> client.CoreV1Api:
        return client.CoreV1Api(self.api_client)

    @cached_property
    def api_client(self) -> client.ApiClient:
        return config.new_client_from_config(str(self.config))

    def _start(self, program: str, *words: str) -> None:
        self._servers.append(Server(self.folder, str(binaries.folder() / program), *words))

    def _start_etcd(self) -> str:
        serving, peers = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self._servers.append(
            Server(
                self.folder,
                *("etcd", "--data-dir", str(self.folder / "etcd"), "--unsafe-no-fsync"),
                *("--listen-client-urls", serving, "--advertise-client-urls", serving),
                *("--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers),
                *("--initial-cluster", f"default={peers}"),
            )
        )
        return serving

    def _write_identities(self) -> tuple[str, str]:
        """The tokens of the administrator and of the limited user; the key that service accounts' are signed with."""
        admin, limited = secrets.token_urlsafe(), secrets.token_urlsafe()
        users = f"{admin},admin,admin,system:masters\n{limited},{LIMITED_USER},{LIMITED_USER}\n"
        (self.folder / "tokens.csv").write_text(users)
        key = ec.generate_private_key(ec.SECP256R1())
        (self.folder / "accounts.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (self.folder / "accounts.pub").write_bytes(
            key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
        return admin, limited

    def _start_api_server(self, etcd: str) -> None:
        self._start(
            "kube-apiserver",
            f"--etcd-servers={etcd}",
            f"--cert-dir={self.folder / 'certificates'}",
            *("--bind-address=127.0.0.1", f"--secure-port={self._port}"),
            # Without it, the server refuses to be reached on loopback.
            "--endpoint-reconciler-type=none",
            "--service-cluster-ip-range=10.96.0.0/24",
            *("--authorization-mode=RBAC", f"--token-auth-file={self.folder / 'tokens.csv'}"),
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self.folder / 'accounts.pub'}",
            f"--service-account-signing-key-file={self.folder / 'accounts.key'}",
            # It wants an account in every namespace, which another controller would make.
            "--disable-admission-plugins=ServiceAccount",
        )

    def _write_config(self, config: Path, token: str) -> None:
        """A kubeconfig: JSON is YAML."""
        server = {
            "server": f"https://127.0.0.1:{self._port}",
            "certificate-authority": str(self.folder / "certificates" / "apiserver.crt"),
        }
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "tests", "cluster": server}],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "admin"}}],
            "current-context": "tests",
        }
        config.write_text(json.dumps(content))

    def _is_ready(self) -> bool:
        if not (self.folder / "certificates" / "apiserver.crt").exists():
            return False
        try:
            # It comes last.
            self.core.read_namespace("default")
        except (ApiException, HTTPError):
            return False
        return True
