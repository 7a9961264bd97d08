"""Ask one web address and measure its answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

import requests


@dataclass(frozen=True)
class Answer:
    """How one address answered; `seconds` is the time until its headers were here."""

    address: str
    good: bool
    says: str
    seconds: float


def look(address: str, timeout: float = 10) -> Answer:
    """Ask an address and return its answer, or why there was none."""
    began = time.perf_counter()
    try:
        response = requests.get(address, timeout=timeout)
    except requests.RequestException as error:
        return Answer(address, False, type(error).__name__, time.perf_counter() - began)
    return Answer(address, response.ok, f"{response.status_code} {response.reason}", time.perf_counter() - began)
