"""Renaming a package as an editor does it: the language server protocol, spoken with gopls over its standard streams."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse


class Server:
    """A running gopls for one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._process = subprocess.Popen(
            ["gopls"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        edits = {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]}
        self.ask(
            "initialize",
            {
                "rootUri": folder.as_uri(),
                "capabilities": {"workspace": {"workspaceEdit": edits, "configuration": False}},
                "initializationOptions": {"packageMove": True},
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
                self._send({"id": message["id"], "result": None})

    def rename(self, file: Path, line: int, character: int, name: str) -> None:
        """Rename what stands at a position, counted from 0, and carry out what the server says."""
        document = {"uri": file.as_uri()}
        opened = {**document, "languageId": "go", "version": 1, "text": file.read_text()}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": opened}})
        position = {"line": line, "character": character}
        answer = self.ask("textDocument/rename", {"textDocument": document, "position": position, "newName": name})
        for change in answer["documentChanges"]:
            carry_out(change)

    def stop(self) -> None:
        """End the server."""
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
        found: dict[str, Any] = json.loads(stream.read(length))
        return found


def carry_out(change: dict[str, Any]) -> None:
    """Do one of the changes of a workspace edit."""
    if change.get("kind") == "rename":
        new = path_of(change["newUri"])
        new.parent.mkdir(parents=True, exist_ok=True)
        path_of(change["oldUri"]).rename(new)
    elif "edits" in change:
        path = path_of(change["textDocument"]["uri"])
        lines = [*path.read_text().splitlines(keepends=True), ""]
        for edit in sorted(change["edits"], key=lambda e: tuple(e["range"]["start"].values()), reverse=True):
            start, end = edit["range"]["start"], edit["range"]["end"]
            tail = lines[end["line"]][end["character"] :]
            lines[start["line"] : end["line"] + 1] = [
                lines[start["line"]][: start["character"]] + edit["newText"] + tail
            ]
            lines = [*"".join(lines).splitlines(keepends=True), ""]
        path.write_text("".join(lines))


def path_of(uri: str) -> Path:
    """The file that a URI names."""
    return Path(unquote(urlparse(uri).path))
