"""Servers on this machine, each started and stopped by a test: a bucket, a proxy that fails, a job service, workers."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.jobs.results import ROOT

READY_SECONDS = 120
SHIM = Path(__file__).parent / "shim"
"""A folder whose sitecustomize holds or kills a process that is asked to."""
TOKEN = "/token"
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


def environment(**more):
    """Return the environment of a process that imports this checkout, and finds this Python as `python`."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join([str(SHIM), str(ROOT)]), **more}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    """Wait for a condition; fails when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} took longer than {seconds} s"
        time.sleep(0.02)


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end_group(process):
    """Kill a process and those that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


@contextmanager
def server(command, port, folder, env=None):
    """Run a server, of a process group of its own, until it is not needed any more."""
    with (Path(folder) / f"server-{port}.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=env or environment(), stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_until(lambda: answers(port) or process.poll() is not None, READY_SECONDS, command[0])
            assert process.poll() is None, Path(log.name).read_text()
            yield process
        finally:
            end_group(process)


def beam_service(module, flag, port):
    return [sys.executable, "-m", f"apache_beam.runners.{module}", flag, str(port)]


def service_account(folder, token_uri):
    """Write credentials whose tokens come from an address of this machine; returns the file."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "project_id": "blog",
        "private_key_id": "key",
        "private_key": key.decode(),
        "client_email": "postkin@blog.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": token_uri,
    }
    file = folder / "service-account.json"
    file.write_text(json.dumps(account))
    return file


def script(name):
    """Find a command of a package, beside Python or on the path."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name)


class Proxy:
    """Passes requests on to a server, or answers 503 to them: the next few, or all of a method for a while."""

    def __init__(self, port):
        self.target = port
        self.asked = 0
        self.refused = 0
        self.pass_on()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                proxy.handle(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any  # noqa: N815

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def refuse_next(self, count):
        """Answer 503 to so many of the next requests."""
        self.refused = 0
        self.refuse = lambda _: self.refused < count

    def refuse_all(self, method):
        """Answer 503 to every request of a method."""
        self.refused = 0
        self.refuse = lambda asked: asked == method

    def pass_on(self):
        self.refuse = lambda _: False

    def handle(self, request):
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        self.asked += 1
        if request.path == TOKEN:
            token = {"access_token": "token", "token_type": "Bearer", "expires_in": 3600}
            self.answer(request, 200, {"Content-Type": "application/json"}, json.dumps(token).encode())
            return
        if self.refuse(request.command):
            self.refused += 1
            self.answer(request, 503, {}, b"Service Unavailable")
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=30)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        connection.request(request.command, request.path, body, {**headers, "Content-Length": str(len(body))})
        response = connection.getresponse()
        content = response.read()
        self.answer(request, response.status, response.headers, content)
        connection.close()

    @staticmethod
    def answer(request, status, headers, content):
        request.send_response_only(status)
        length = headers.get("Content-Length") if request.command == "HEAD" else None
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                request.send_header(name, value)
        request.send_header("Content-Length", length or str(len(content)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(content)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
