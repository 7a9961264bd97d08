"""What an index says of its files is read in both of its formats (PEP 503, PEP 691)."""

from __future__ import annotations

import json

from projectenv.index import Offer, _links

PAGE = "https://index.invalid/simple/hello/"
SHA = "ab" * 32


def test_json_tells_hashes_and_sizes() -> None:
    """Addresses may be relative; what is not told stays empty."""
    files = [
        {
            "filename": "hello-1-py3-none-any.whl",
            "url": "../../files/hello.whl",
            "hashes": {"sha256": SHA},
            "size": 1234,
        },
        {"filename": "hello-1.tar.gz", "url": "https://elsewhere.invalid/hello.tar.gz", "hashes": {}},
    ]
    assert list(_links(json.dumps({"files": files}).encode(), "application/vnd.pypi.simple.v1+json", PAGE)) == [
        Offer("hello-1-py3-none-any.whl", "https://index.invalid/files/hello.whl", SHA, 1234),
        Offer("hello-1.tar.gz", "https://elsewhere.invalid/hello.tar.gz"),
    ]


def test_html_tells_hashes_in_the_fragment() -> None:
    """Other algorithms are as good as none; names are unquoted."""
    links = (f"hello-1+local-py3-none-any.whl#sha256={SHA}", "hello-1%2Blocal.whl#md5=0", "hello-2.whl")
    page = "".join(f'<a href="{link}">x</a>' for link in links)
    assert [(each.name, each.sha256) for each in _links(page.encode(), "text/html", PAGE)] == [
        ("hello-1+local-py3-none-any.whl", SHA),
        ("hello-1+local.whl", ""),
        ("hello-2.whl", ""),
    ]


def test_what_is_neither_lists_nothing() -> None:
    """A page that only looks like it."""
    assert list(_links(b'{"files": 3}', "application/json", PAGE)) == []
    assert list(_links(b'{"files": [{"filename": "x"}]}', "application/json", PAGE)) == []
    assert list(_links(b"[]", "application/json", PAGE)) == []
