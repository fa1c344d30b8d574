"""The tables in which a plan states its result: the target tree in `[layout]`, the layers in `[[layer]]`."""

from __future__ import annotations

from migrate.errors import PathError
from migrate.git.paths import check_path
from migrate.plan.drawing import Drawing, read_drawing
from migrate.plan.layers import Exempt, Layer
from migrate.plan.toml_tables import Table, Tables
from migrate.text import did_you_mean, printable

LAYOUT_KEYS = ("tree",)
LAYER_KEYS = ("name", "folders", "may_import", "imports_nothing_of", "except")
EXCEPT_KEYS = ("files", "imports", "reason")


class ContractReader(Tables):
    """Reads and checks these tables."""

    def drawing(self) -> Drawing | None:
        """The target tree; None when the plan states none. Raises `PlanError`."""
        if "layout" not in self.document:
            return None
        table = self.document["layout"]
        if not isinstance(table, dict):
            self.fail("write the target tree as tree = '''…''' in a [layout] table", "layout")
        self._known("layout", 0, table, LAYOUT_KEYS)
        text = self._text("layout", 0, table, "tree")
        if text is None:
            self.fail("a [layout] needs a tree, such as tree = '''…'''", "layout")
        return read_drawing(text, self.label, self.positions.text("layout", 0, "tree"))

    def layers(self) -> tuple[Layer, ...]:
        """The layers, in the order of the plan. Raises `PlanError`."""
        exceptions = 0
        found: list[Layer] = []
        for index, table in enumerate(self._tables("layer")):
            layer = self._layer(index, table, exceptions)
            exceptions += len(layer.exempt)
            if any(other.name == layer.name for other in found):
                self.fail(f'layer "{printable(layer.name)}" is defined twice', "layer", index, "name")
            for folder in layer.folders:
                owner = next((other for other in found if folder in other.folders), None)
                if owner is not None:
                    self.fail(f'"{folder}" is in layer "{printable(owner.name)}" already', "layer", index, "folders")
            found.append(layer)
        for index, layer in enumerate(found):
            self._check_named(index, layer, [other.name for other in found])
        return tuple(found)

    def _layer(self, index: int, table: Table, exceptions: int) -> Layer:
        where = ("layer", index, table)
        self._known(*where, LAYER_KEYS)
        name, folders = self._text(*where, "name"), self._strings(*where, "folders")
        if not name or not folders:
            self.fail("a layer needs a name and folders", "layer", index)
        may, nothing_of = self._strings(*where, "may_import"), self._strings(*where, "imports_nothing_of")
        if may is not None and nothing_of is not None:
            self.fail(
                "may_import forbids everything else already: give only one of the two",
                "layer",
                index,
                "imports_nothing_of",
            )
        return Layer(
            name=name,
            folders=tuple(self._place(index, folder) for folder in folders),
            may_import=may,
            imports_nothing_of=nothing_of or (),
            exempt=self._exempt(index, table, exceptions),
            line=self.positions.line("layer", index, "folders"),
        )

    def _place(self, index: int, folder: str) -> str:
        """A folder of a layer; "." is the top."""
        try:
            return "" if folder.rstrip("/") == "." else check_path(folder)
        except PathError as error:
            self.fail(error.message, "layer", index, "folders", folder)

    def _exempt(self, index: int, layer: Table, before: int) -> tuple[Exempt, ...]:
        tables = layer.get("except", [])
        if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
            self.fail("write each exception as its own [[layer.except]] table", "layer", index, "except")
        found = []
        for number, table in enumerate(tables, before):
            where = ("layer.except", number, table)
            self._known(*where, EXCEPT_KEYS)
            files, imports, reason = (self._text(*where, key) for key in EXCEPT_KEYS)
            if not files or not imports or not reason:
                self.fail("a [[layer.except]] needs files, imports and a reason", "layer.except", number)
            found.append(Exempt(files, imports.rstrip("/"), reason, self.positions.line("layer.except", number)))
        return tuple(found)

    def _check_named(self, index: int, layer: Layer, known: list[str]) -> None:
        for key, names in (("may_import", layer.may_import or ()), ("imports_nothing_of", layer.imports_nothing_of)):
            for name in names:
                if name not in known:
                    meant = did_you_mean(name, known)
                    self.fail(f'{key} names the unknown layer "{printable(name)}"{meant}', "layer", index, key, name)
                if name == layer.name:
                    self.fail(f'a layer may always import itself: take "{name}" out', "layer", index, key, name)
