"""Serving over TLS with the area's own CA: one process of any number.

A client certificate, where it is asked for, is an outer gate only. Shutdown lets requests under way
finish; a kill at any moment loses nothing, because an answer follows the commit.
"""

from __future__ import annotations

import gc
import ssl
from dataclasses import dataclass

import uvicorn

from agent_sync.district.app import create_app
from agent_sync.district.database import Database
from agent_sync.district.home import Home

KEEP_ALIVE_SECONDS = 30
SHUTDOWN_SECONDS = 3
MAX_CONCURRENT = 512
OBJECTS_BETWEEN_COLLECTIONS = 100_000


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen, and whether couriers must show their certificate there."""

    host: str
    port: int
    client_certificate: bool = False


def run_server(home: Home, database: Database, listen: Listen, *, witness_worker: bool = True) -> int:
    """Serve until SIGTERM or SIGINT; exit code."""
    rare_collections()
    server = uvicorn.Server(configuration(home, database, listen, witness_worker=witness_worker))
    server.run()
    return 0 if server.started else 2


def rare_collections() -> None:
    """Let Python look for cycles seldom: a batch makes 100,000 objects, none of them in a cycle.

    Measured: a third more receipts for the same processor time. What the process loaded at its start is not
    looked at again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 50, 50)


def configuration(home: Home, database: Database, listen: Listen, *, witness_worker: bool = True) -> uvicorn.Config:
    """The server's configuration; logs carry no addresses of people and no bodies."""
    return uvicorn.Config(
        create_app(home, database, witness_worker=witness_worker),
        host=listen.host,
        port=listen.port,
        ssl_keyfile=str(home.server_key),
        ssl_certfile=str(home.server_certificate),
        ssl_ca_certs=str(home.ca_certificate),
        ssl_cert_reqs=ssl.CERT_REQUIRED if listen.client_certificate else ssl.CERT_NONE,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        limit_concurrency=MAX_CONCURRENT,
        access_log=False,
        log_level="warning",
        server_header=False,
    )
