"""The strings of Python code that a function or setting takes as the name of a module.

https://docs.python.org/3/library/importlib.html, unittest.mock.html and runpy.html,
https://docs.pytest.org/en/stable/reference/reference.html, https://docs.djangoproject.com/en/stable/ref/settings/,
https://docs.celeryq.dev/en/stable/userguide/configuration.html,
https://setuptools.pypa.io/en/latest/references/keywords.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrate.engines.python.syntax import PythonSource

if TYPE_CHECKING:
    from tree_sitter import Node

IMPORTING = frozenset({"import_module", "__import__", "import_string", "find_spec", "run_module", "importorskip"})
"""Functions that import the module that their first argument names."""

CALLS = IMPORTING | {
    "patch", "dict", "multiple", "setattr", "delattr", "reload_module",
    "get_data", "files", "resource_filename", "resource_string", "resource_stream", "resource_listdir",
    "open_text", "open_binary", "read_text", "read_binary", "PackageLoader",
    "include", "autodiscover_tasks", "config_from_object", "from_object", "setdefault", "Celery",
    "symbol_by_name", "instantiate", "load_target", "maybe_import", "lazy_import", "LazyLoader",
}  # fmt: skip

OWNERS = {
    "dict": {"patch"},
    "multiple": {"patch"},
    "setattr": {"monkeypatch", "mp", "patch"},
    "delattr": {"monkeypatch", "mp", "patch"},
    "files": {"resources", "importlib_resources"},
    "setdefault": {"environ"},
}
"""The names before the dot that a function must have to be the one that is meant."""

KEYWORDS = frozenset(
    {
        "packages", "py_modules", "console_scripts", "gui_scripts", "imports", "include", "task_cls", "backend_cls",
        "hiddenimports", "excludes", "test_suite", "package", "factory",
    }
)  # fmt: skip
"""Arguments and keys whose strings name modules."""

NAMES = frozenset(
    {
        "INSTALLED_APPS", "DJANGO_APPS", "LOCAL_APPS", "THIRD_PARTY_APPS", "MIDDLEWARE", "MIDDLEWARE_CLASSES",
        "ROOT_URLCONF", "WSGI_APPLICATION", "ASGI_APPLICATION", "AUTHENTICATION_BACKENDS", "DATABASE_ROUTERS",
        "TEMPLATES", "TEMPLATE_CONTEXT_PROCESSORS", "TEMPLATE_LOADERS", "FORM_RENDERER", "EMAIL_BACKEND", "CACHES",
        "DATABASES", "STORAGES", "DEFAULT_FILE_STORAGE", "STATICFILES_STORAGE", "STATICFILES_FINDERS",
        "SESSION_ENGINE", "SESSION_SERIALIZER", "MESSAGE_STORAGE", "TEST_RUNNER", "PASSWORD_HASHERS",
        "AUTH_PASSWORD_VALIDATORS", "CSRF_FAILURE_VIEW", "DEFAULT_EXCEPTION_REPORTER", "DEFAULT_AUTO_FIELD",
        "FORMAT_MODULE_PATH", "MIGRATION_MODULES", "FIXTURE_MODULES", "SERIALIZATION_MODULES", "FILE_UPLOAD_HANDLERS",
        "LOGGING_CONFIG", "REST_FRAMEWORK", "CHANNEL_LAYERS", "DJANGO_SETTINGS_MODULE", "default_app_config",
        "handler400", "handler403", "handler404", "handler500",
        "CELERY_IMPORTS", "CELERY_INCLUDE", "CELERY_ROUTES", "CELERY_TASK_ROUTES", "CELERY_BEAT_SCHEDULER",
        "CELERYBEAT_SCHEDULER", "CELERY_RESULT_BACKEND", "imports", "include", "task_routes", "beat_scheduler",
        "pytest_plugins", "entry_points", "autodoc_mock_imports", "hiddenimports",
    }
)  # fmt: skip
"""Variables and attributes whose strings name modules."""

TABLES = frozenset({"package_data", "exclude_package_data", "package_dir"})
"""Tables of setuptools whose keys are names of packages."""

LOGGING = frozenset({"getLogger", "get_logger", "at_level", "set_level", "assertLogs", "assertNoLogs", "record_tuples"})
"""Functions whose argument is the name of a logger: logging, structlog, pytest's caplog, unittest."""

VALUE = re.compile(
    r"(?:[\w.-]+(?:\[[\w, ]*\])?\s*=\s*)?(?P<name>\.*[^\W\d]\w*(?:\.[^\W\d]\w*)*)(?P<rest>:[\w.]+|\.\*)?"
)
"""A module or a name in it, possibly after the name of an entry point."""


def is_reserved_text(string: Node, source: PythonSource) -> bool:
    """Whether a format says that a string at this position is the name of a module, or of something in one."""
    child, node = string, string.parent
    while node is not None and node.type not in {"block", "module", "function_definition", "class_definition"}:
        kind = node.type
        if kind == "call" and child.type == "argument_list":
            return _is_call(node, string, source)
        if kind == "keyword_argument" and _field_name(node, "name", source) in KEYWORDS:
            return True
        if kind == "pair":
            is_key = child == node.child_by_field_name("key")
            if _table(node, source) in TABLES if is_key else _key_name(node, source) in KEYWORDS | NAMES:
                return True
        if kind == "subscript" and child != node.child_by_field_name("value"):
            return _field_name(node, "value", source) == "sys.modules"
        if kind in {"assignment", "augmented_assignment"} and child == node.child_by_field_name("right"):
            return _is_setting(node, source)
        child, node = node, node.parent
    return False


def is_module_option(string: Node, source: PythonSource) -> bool:
    """Whether a string follows `-m` in the arguments of a Python process."""
    before = string.prev_named_sibling
    if before is None or before.type != "string" or source.text(before).strip("\"'") != "-m":
        return False
    while (before := before.prev_named_sibling) is not None:
        if "python" in (said := source.text(before)).lower() or said == "sys.executable":
            return True
    return False


PINNED = re.compile(rb"[(,]\s*name[ \t]*=[ \t]*[\"']([\w.]+)[\"']")
"""A name that is given explicitly, as to Celery's tasks: `name="shop.tasks.add"`. It does not follow the module."""

ATTRIBUTES = frozenset({"getattr", "setattr", "hasattr", "delattr"})


def is_attribute(string: Node, source: PythonSource) -> bool:
    """Whether a string is the name of an attribute."""
    call = string.parent.parent if string.parent is not None else None
    return call is not None and call.type == "call" and _field_name(call, "function", source) in ATTRIBUTES


def is_logger(string: Node, source: PythonSource) -> bool:
    """Whether a string is the name of a logger."""
    child, node = string, string.parent
    while node is not None and node.type not in {"block", "module"}:
        if node.type == "call" and child.type == "argument_list":
            return _field_name(node, "function", source).rpartition(".")[2] in LOGGING
        if node.type == "keyword_argument" and _field_name(node, "name", source).endswith(("logger", "logger_name")):
            return True
        if node.type == "pair" and child == node.child_by_field_name("key"):
            return _table(node, source) == "loggers"
        if node.type == "tuple" and re.search(r"\blogging\.[A-Z]+\b", source.text(node)):
            return True
        child, node = node, node.parent
    return False


def _table(pair: Node, source: PythonSource) -> str:
    """The name of the dictionary of a pair: from a keyword, a variable or a key."""
    above = pair.parent.parent if pair.parent is not None else None
    if above is None:
        return ""
    if above.type == "pair":
        return _key_name(above, source)
    field = "name" if above.type == "keyword_argument" else "left"
    return _field_name(above, field, source).rpartition(".")[2]


def _is_call(call: Node, string: Node, source: PythonSource) -> bool:
    """Whether a call takes a string as a name: as its first argument, or in a list of names."""
    owner, _, name = _field_name(call, "function", source).rpartition(".")
    arguments = call.child_by_field_name("arguments")
    if name in {"append", "extend", "insert"} and owner.rpartition(".")[2] in NAMES:
        return True
    if name not in CALLS or arguments is None:
        return False
    if owner.rpartition(".")[2] not in OWNERS.get(name, {owner.rpartition(".")[2]}):
        return False
    positional = [each for each in arguments.named_children if each.type not in {"keyword_argument", "comment"}]
    wanted = positional[1:2] if name == "setdefault" else positional[:1]
    return any(each.start_byte <= string.start_byte < each.end_byte for each in wanted)


def _is_setting(assignment: Node, source: PythonSource) -> bool:
    left = assignment.child_by_field_name("left")
    if left is None:
        return False
    if left.type == "subscript":
        return _key_of_subscript(left, source) in NAMES
    name = source.text(left).rpartition(".")[2]
    return name in NAMES or (name == "name" and _is_in_app_config(assignment, source))


def _is_in_app_config(node: Node, source: PythonSource) -> bool:
    """Whether a node stands in a class of Django's AppConfig."""
    above: Node | None = node
    while above is not None and above.type != "class_definition":
        above = above.parent
    bases = above.child_by_field_name("superclasses") if above is not None else None
    return bases is not None and "AppConfig" in source.text(bases)


def _key_of_subscript(node: Node, source: PythonSource) -> str:
    return _field_name(node, "subscript", source).strip("\"'")


def _key_name(pair: Node, source: PythonSource) -> str:
    return _field_name(pair, "key", source).strip("\"'")


def _field_name(node: Node, field: str, source: PythonSource) -> str:
    child = node.child_by_field_name(field)
    return "".join(source.text(child).split()) if child is not None else ""
