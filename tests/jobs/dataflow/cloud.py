"""As much of a cloud as a submission touches: a token, a bucket and Dataflow, in this process."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

JOB_ID = "2026-01-02_03_04_05-6"
PASSED = [
    "--runner=DataflowRunner",
    "--project=our-project",
    "--region=us-central1",
    "--job_name=postkin-nightly",
    "--temp_location=gs://bucket/tmp",
    "--staging_location=gs://bucket/staging",
    "--template_location=gs://bucket/staging/template_launches/2026-01-02_03_04_05-6/job_object",
    '--labels={\n   "goog-dataflow-provided-template-type" : "flex"\n}\n',
    "--service_account_email=postkin@our-project.iam.gserviceaccount.com",
    "--machine_type=n2-standard-4",
    "--num_workers=2",
    "--max_num_workers=20",
    "--autoscaling_algorithm=THROUGHPUT_BASED",
    "--network=default",
    "--subnetwork=regions/us-central1/subnetworks/default",
    "--experiments=shuffle_mode=service",
    "--dataflow_service_options=enable_prime",
]
"""What a Flex Template's launcher passes besides the job's own parameters."""


class Cloud(ThreadingHTTPServer):
    """Keeps what is uploaded (`objects`, by bucket and name) and submitted (`jobs`)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("localhost", 0), Answers)
        self.objects = {}
        self.jobs = []
        self.asked = []

    @property
    def address(self):
        return f"http://localhost:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def write_key(self, path):
        """Write a service account's key whose tokens come from here."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        account = {"type": "service_account", "project_id": "our-project", "private_key_id": "1", "client_id": "1"}
        account |= {"private_key": pem.decode(), "client_email": "postkin@our-project.iam.gserviceaccount.com"}
        path.write_text(json.dumps({**account, "token_uri": f"{self.address}/token"}), encoding="utf-8")
        return path


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append(f"GET {path}")
        bucket, _, name = path.removeprefix("/storage/v1/b/").partition("/o/")
        if not path.startswith("/storage/v1/b/"):
            self.answer(404)
        elif not name:
            self.answer(200, {"id": bucket, "name": bucket, "location": "US"})
        elif (bucket, name) in self.server.objects:
            self.answer(200, self.about(bucket, name))
        else:
            self.answer(404)

    def do_POST(self):
        url, body = urlsplit(self.path), self.body()
        self.server.asked.append(f"POST {url.path}")
        if url.path == "/token":
            self.answer(200, {"access_token": "token", "expires_in": 3600, "token_type": "Bearer"})
        elif url.path.endswith("/jobs"):
            job = json.loads(body)
            self.server.jobs.append((url.path, job))
            self.answer(200, {"id": JOB_ID, "name": job["name"], "projectId": "our-project"})
        else:
            bucket = url.path.split("/")[-2]
            name = parse_qs(url.query).get("name", [None])[0] or json.loads(body)["name"]
            self.server.objects[bucket, name] = b""
            self.answer(200, {}, Location=f"{self.server.address}/{bucket}/{name}")

    def do_PUT(self):
        _, bucket, name = self.path.split("/", 2)
        self.server.objects[bucket, name] += self.body()
        if self.headers["Content-Range"].endswith("*"):
            self.answer(308, Range=f"bytes=0-{len(self.server.objects[bucket, name]) - 1}")
        else:
            self.answer(200, self.about(bucket, name))

    def about(self, bucket, name):
        content = self.server.objects[bucket, name]
        checksum = base64.b64encode(google_crc32c.Checksum(content).digest()).decode()
        return {"name": name, "bucket": bucket, "size": str(len(content)), "generation": "1", "crc32c": checksum}

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, content=None, **headers):
        body = json.dumps(content if content is not None else {"error": {"code": status}}).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
