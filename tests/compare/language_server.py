"""Asking language servers for what editors ask them: their protocol, spoken over the standard streams.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse


class ServerSilentError(Exception):
    """A server ended, or was killed because it said nothing."""


class LanguageServer:
    """A running server for one folder, which is killed when it is silent for too long."""

    def __init__(
        self,
        folder: Path,
        command: Sequence[str],
        options: Mapping[str, object],
        patience: float,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self._settings = settings or {}
        self._folder = folder
        self._number = 0
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._alarm = threading.Timer(patience, self._process.kill)
        self._alarm.start()
        edits = {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]}
        abilities = {"workspaceEdit": edits, "configuration": bool(settings), "fileOperations": {"willRename": True}}
        self.ask(
            "initialize",
            {
                "rootUri": folder.as_uri(),
                "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
                "capabilities": {"workspace": abilities},
                "initializationOptions": options,
            },
        )
        self._send({"method": "initialized", "params": {}})

    def ask(self, method: str, params: object) -> Any:
        """The answer to a request. Raises `RuntimeError` with what the server says when it refuses."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._number and "method" not in message:
                if "error" in message:
                    raise RuntimeError(message["error"]["message"])
                return message["result"]
            if "id" in message:
                wanted = (
                    message.get("params", {}).get("items") if message["method"] == "workspace/configuration" else None
                )
                self._send({"id": message["id"], "result": None if wanted is None else [{} for _ in wanted]})

    def rename(self, file: Path, line: int, character: int, name: str) -> None:
        """Rename what stands at a position, counted from 0, and carry out what the server says."""
        document = {"uri": file.as_uri()}
        self.open(file, "go")
        position = {"line": line, "character": character}
        answer = self.ask("textDocument/rename", {"textDocument": document, "position": position, "newName": name})
        for change in changes_of(answer):
            carry_out(change)

    def open(self, file: Path, language: str) -> None:
        """Say that an editor shows a file."""
        opened = {"uri": file.as_uri(), "languageId": language, "version": 1, "text": file.read_bytes().decode()}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": opened}})

    def before_moves(self, moves: Mapping[Path, Path]) -> None:
        """Carry out what the server wants to be edited before files or folders are moved."""
        files = [{"oldUri": old.as_uri(), "newUri": new.as_uri()} for old, new in moves.items()]
        answer = self.ask("workspace/willRenameFiles", {"files": files})
        for change in changes_of(answer or {}):
            carry_out(change)

    def stop(self) -> None:
        """End the server."""
        self._alarm.cancel()
        self._process.kill()
        self._process.wait()

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise ServerSilentError("no answer")
        found: dict[str, Any] = json.loads(stream.read(length))
        return found


def changes_of(edit: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The changes of a workspace edit, in either of its forms."""
    plain = [{"textDocument": {"uri": uri}, "edits": edits} for uri, edits in (edit.get("changes") or {}).items()]
    return [*(edit.get("documentChanges") or []), *plain]


def carry_out(change: dict[str, Any]) -> None:
    """Do one of the changes of a workspace edit."""
    if change.get("kind") == "rename":
        new = path_of(change["newUri"])
        new.parent.mkdir(parents=True, exist_ok=True)
        path_of(change["oldUri"]).rename(new)
    elif "edits" in change:
        path = path_of(change["textDocument"]["uri"])
        lines = [*path.read_bytes().decode().splitlines(keepends=True), ""]
        for edit in sorted(change["edits"], key=lambda e: tuple(e["range"]["start"].values()), reverse=True):
            start, end = edit["range"]["start"], edit["range"]["end"]
            tail = lines[end["line"]][end["character"] :]
            lines[start["line"] : end["line"] + 1] = [
                lines[start["line"]][: start["character"]] + edit["newText"] + tail
            ]
            lines = [*"".join(lines).splitlines(keepends=True), ""]
        path.write_bytes("".join(lines).encode())


def path_of(uri: str) -> Path:
    """The file that a URI names."""
    return Path(unquote(urlparse(uri).path))
