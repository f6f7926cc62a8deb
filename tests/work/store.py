"""A real S3 server on this computer, and what a worker does with a workbook from there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

import pytest

from tests.official import read
from toolkit.audit.submission import Reading
from toolkit.workbook.sources import Place, open_file


@contextmanager
def object_store() -> Iterator[str]:
    """The address of an S3 server; this process and those that it starts reach it and no other."""
    from moto.server import ThreadedMotoServer
    from s3fs import S3FileSystem

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": host, "no_proxy": host,
    }  # fmt: skip
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            S3FileSystem.clear_instance_cache()
            reset = Request(f"{environment['AWS_ENDPOINT_URL']}/moto-api/reset", method="POST")
            urlopen(reset).close()  # what another server in this process was given is there still
            yield environment["AWS_ENDPOINT_URL"]
    finally:
        S3FileSystem.clear_instance_cache()
        server.stop()


def read_place(place: Place) -> Reading | str:
    """A workbook read and audited, or the code of the problem that keeps it away."""
    (incoming,) = open_file(place)
    return incoming.problem.code if incoming.problem else read(incoming.data, incoming.name)


def lost_place(place: Place) -> str:
    return f"lost {place}"
