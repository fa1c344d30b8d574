"""A Gitea on loopback, and the few things that people do there."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.live.gitea_build import ENVIRONMENT, built

INI = """\
APP_NAME = tests
RUN_USER = {user}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
WORK_PATH = {work}
RUN_MODE = prod

[server]
PROTOCOL = http
HTTP_ADDR = 127.0.0.1
HTTP_PORT = {port}
ROOT_URL = http://127.0.0.1:{port}/
STATIC_ROOT_PATH = {static}
OFFLINE_MODE = true
DISABLE_SSH = true

[database]
DB_TYPE = sqlite3
PATH = {work}/gitea.db

[repository]
ROOT = {work}/repositories
DEFAULT_BRANCH = main

[security]
INSTALL_LOCK = true
SECRET_KEY = only-for-tests
PASSWORD_HASH_ALGO = pbkdf2$1

[service]
DISABLE_REGISTRATION = true

[log]
LEVEL = Warn
ROOT_PATH = {work}/log

[cron]
ENABLED = false

[indexer]
ISSUE_INDEXER_TYPE = db

[queue]
TYPE = channel
"""
SECONDS = 90
PASSWORD = "correct-horse-battery"


@dataclass
class Person:
    """Somebody with an account, and a token for it."""

    name: str
    token: str
    api: str

    def __call__(self, method: str, path: str, **values: Any) -> Any:
        """Call the API as them; the answer as JSON, with `status` where there is none. Raises for an error."""
        request = urllib.request.Request(self.api + path, method=method, headers={"Content-Type": "application/json"})
        request.add_header("Authorization", f"token {self.token}")
        data = json.dumps(values).encode() if values or method in ("POST", "PATCH", "PUT") else None
        try:
            with urllib.request.urlopen(request, data, timeout=30) as answer:
                raw = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None
        return json.loads(raw) if raw.strip() else {}


class Gitea:
    """A server of its own folder, which goes with it."""

    def __init__(self, work: Path, static: Path | None = None) -> None:
        self.program, folder = built()
        static = static or folder
        self.work = work
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        work.mkdir(parents=True, exist_ok=True)
        self.ini = work / "app.ini"
        user = (
            ENVIRONMENT.get("USER")
            or subprocess.run(["id", "-un"], capture_output=True, text=True, check=False).stdout.strip()
        )
        self.ini.write_text(INI.format(work=work, port=self.port, static=static, user=user))
        self.url = f"http://127.0.0.1:{self.port}"
        self.admin("migrate")
        self.log = (work / "web.log").open("wb")
        self.process = subprocess.Popen(
            [str(self.program), "--config", str(self.ini), "web"],
            cwd=work,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=self.environment,
        )
        self.await_answer()

    @property
    def environment(self) -> dict[str, str]:
        """What the server runs with: a home of its own."""
        return {**ENVIRONMENT, "HOME": str(self.work), "GITEA_WORK_DIR": str(self.work)}

    def admin(self, *arguments: str) -> str:
        """Run a command of the server's own program."""
        done = subprocess.run(
            [str(self.program), "--config", str(self.ini), *arguments],
            cwd=self.work,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def await_answer(self) -> None:
        """Wait until the server answers: it says when, by answering."""
        end = time.monotonic() + SECONDS
        while True:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/api/v1/version", timeout=5):
                return
            assert self.process.poll() is None, (self.work / "web.log").read_text()
            assert time.monotonic() < end, (self.work / "web.log").read_text()
            time.sleep(0.2)

    def person(self, name: str, *, is_admin: bool = False) -> Person:
        """A new account."""
        words = ["--username", name, "--password", PASSWORD, "--email", f"{name}@example.com"]
        more = ["--admin"] if is_admin else []
        self.admin("admin", "user", "create", *words, "--must-change-password=false", *more)
        given = self.admin("admin", "user", "generate-access-token", "--username", name, "--scopes", "all", "--raw")
        token = re.search(r"\b[0-9a-f]{40}\b", given)  # A server that is busy prints warnings as well.
        assert token is not None, given
        return Person(name, token[0], f"{self.url}/api/v1")

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def remote_url(server: Gitea, person: Person, project: str) -> str:
    """The address of a repository, for git to push to as somebody."""
    return f"http://{person.name}:{quote(person.token)}@127.0.0.1:{server.port}/{project}.git"
