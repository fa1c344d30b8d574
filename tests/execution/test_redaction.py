"""What is hidden, wherever it stands and however it is cut."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.execution.output import LastLine
from migrate.execution.redaction import (
    CURRENT,
    Redaction,
    hidden_values,
    hide_values,
    redact,
    shared_command,
    shared_text,
)

VALUE = "s3cr3t-Value/1"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\nQyNTUxOQAAACD\n-----END OPENSSH PRIVATE KEY-----"


@pytest.fixture(autouse=True)
def hidden(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment with a secret."""
    monkeypatch.setenv("DEPLOY_TOKEN", VALUE)
    hide_values(folders=[Path("/home/ada/plans")])
    yield
    CURRENT.redaction = None


@pytest.mark.parametrize(
    "name",
    [
        *("GITHUB_TOKEN", "token", "CLIENT_SECRET", "DB_PASSWORD", "PGPASSWORD", "DB_PASS", "MYSQL_PWD", "API_KEY"),
        *(
            "AWS_ACCESS_KEY_ID",
            "APIKEY",
            "GOOGLE_CREDENTIALS",
            "SSH_PRIVATE",
            "NPM_AUTH",
            "GH_PAT",
            "SLACK_WEBHOOK_URL",
        ),
    ],
)
def test_a_variable_whose_name_looks_like_a_secret_is_hidden(name: str) -> None:
    assert hidden_values([(name, "long-enough")], []) == ("long-enough",)
    assert hidden_values([(name, "short")], []) == ()


@pytest.mark.parametrize("name", ["PATH", "PWD", "HOME", "KEYBOARD", "GIT_CONFIG_KEY_0", "LANG", "PATTERN"])
def test_another_variable_is_hidden_only_where_the_plan_names_it(name: str) -> None:
    assert hidden_values([(name, "long-enough")], []) == ()
    assert hidden_values([(name, "1234")], [name]) == ("1234",)
    assert hidden_values([(name, "1234")], [f"{name[:3]}*"]) == ("1234",)


@pytest.mark.parametrize(
    "token",
    [
        *("ghp_" + "a1B2" * 9, "gho_" + "a" * 36, "github_pat_11ABCDEFG0_" + "x" * 40, "glpat-" + "Ab_1" * 5),
        *("xoxb-123456789012-abcdefABCDEF", "AKIAIOSFODNN7EXAMPLE", "npm_" + "a" * 36, "sk-" + "a" * 40),
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
        *(KEY, KEY.replace("\n", "\\n"), KEY.rpartition("\n")[0], VALUE, "s3cr3t-Value%2F1"),
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(token: str) -> None:
    for around in ("{}", "token={} and more", '"{}"', "a:{}\nb", "({})"):
        text = redact(around.format(token))
        assert "***" in text
        assert not any(part in text for part in (token, "b3BlbnNz", "QyNTUx", VALUE))


def test_the_user_and_password_of_a_url_are_hidden_and_its_host_is_not() -> None:
    assert redact("git push https://ada:pa55@host.example/x") == "git push https://***@host.example/x"
    assert redact("https://host:8080/x@y and ada@host:x") == "https://host:8080/x@y and ada@host:x"
    assert redact("https://ada@x:pa@ss:wd@host/y") == "https://***@host/y"


@pytest.mark.parametrize("size", range(1, len(VALUE) + 8))
def test_a_value_that_is_split_over_pieces_of_output_is_hidden(size: int) -> None:
    line, raw = LastLine(), f"push {VALUE} now".encode()
    for start in range(0, len(raw), size):
        line.feed(raw[start : start + size])
        assert "cr3t-V" not in line.text
    assert line.text == "push *** now"


def test_the_lines_of_a_private_key_are_never_the_last_line() -> None:
    line = LastLine()
    for raw in f"{KEY}\n".splitlines(keepends=True):
        line.feed(raw.encode())
        assert "b3Blb" not in line.text
        assert "QyNTU" not in line.text
    line.feed(b"after\n")
    assert line.text == "after"


@settings(suppress_health_check=list(HealthCheck))
@given(st.text(max_size=20), st.text(max_size=20), st.integers(0, 60), st.integers(0, 60))
def test_a_text_that_is_cut_anywhere_shows_no_long_part_of_a_value(
    before: str, after: str, start: int, end: int
) -> None:
    text = shared_text(f"{before}{VALUE}{after}"[start:end])
    assert not any(VALUE[i : i + 9] in text for i in range(len(VALUE) - 8)) or VALUE[:9] in before + after


def test_parts_of_values_are_looked_for_only_where_one_may_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = Redaction._without_parts

    def counted(self: Redaction, text: str) -> str:
        looked.append(text)
        return real(self, text)

    monkeypatch.setattr(Redaction, "_without_parts", counted)
    texts = [f"a.go:{line}: s3cr3 is undefined" for line in range(100)]
    assert [shared_text(text) for text in texts] == texts
    assert not looked
    assert shared_text(f"b {VALUE[:6]}") == "b ***"


def test_hiding_twice_hides_no_more() -> None:
    once = shared_text(f"a {VALUE} b https://a:b@c {KEY} /home/ada/plans/migrate.toml")
    assert shared_text(once) == once


def test_the_folder_of_the_plan_is_not_shared() -> None:
    assert shared_text("/home/ada/plans/p01.py:3: no; /home/ada/plans2/x") == "p01.py:3: no; /home/ada/plans2/x"
    assert redact("/home/ada/plans/p01.py") == "/home/ada/plans/p01.py"
    typed = shlex.join(["migrate", "--plan", "/srv/x/migrate.toml", "-C/srv/x", "--plan=/a/b.toml", "approve", VALUE])
    assert shared_command(typed) == "migrate --plan migrate.toml -Cx --plan=b.toml approve ***"


@pytest.mark.parametrize("name", ["GOPRIVATE", "MONKEY", "TOKENIZERS_PARALLELISM", "MAX_TOKENS", "SSH_KEY_PATH"])
def test_what_only_sounds_like_a_secret_is_shown(name: str) -> None:
    assert hidden_values([(name, "github.com/acme/mono")], ()) == ()


def test_a_value_is_hidden_however_it_is_written() -> None:
    secret = 'top"secret välue/9+1'
    known = Redaction(hidden_values([("DB_PASSWORD", secret)], ()))
    forms = [quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret), secret]
    assert [known.text(f"a {form} b").replace('"', "") for form in forms] == ["a *** b"] * len(forms)


def test_a_token_is_hidden_whole_where_a_value_is_a_part_of_it() -> None:
    token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
    assert Redaction(hidden_values([("A_TOKEN", "abcdefgh")], ())).text(f"x {token} y") == "x *** y"
