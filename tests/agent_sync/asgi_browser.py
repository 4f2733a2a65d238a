"""A browser without a window: requests to the application itself, cookies kept, redirects shown."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI


class Browser:
    """Synchronous over one event loop of its own."""

    def __init__(self, app: FastAPI, base_url: str = "https://localhost") -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app=app)
        self._client = httpx.AsyncClient(transport=transport, base_url=base_url, follow_redirects=False)

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.get(path, **more))

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.post(path, **more))

    def request(self, **what: Any) -> httpx.Response:
        """Any method, as `httpx.Client.request` takes it."""
        return self._runner.run(self._client.request(**what))

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()
