"""How Sphinx builds the documentation site: `make site`. It needs no internet."""

from __future__ import annotations

import ast
import csv
import inspect
import tomllib
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import TYPE_CHECKING, get_origin

import numpy as np
import yaml
from docutils import nodes
from sphinx.ext.napoleon import Config, GoogleDocstring
from sphinx.util.docutils import SphinxDirective
from sphinx.util.inspect import signature, stringify_signature

from sim.economy import arrays

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parent
EXPORTING = ["sim", "sim.mesa_model"]  # their names in `__all__` are public, their modules are not
OPEN = ["sim.observation", "sim.plain"]  # all their modules are public
ARRAYS = [name for name, kind in vars(arrays).items() if get_origin(kind) is np.ndarray]  # Floats and the like

cff = yaml.safe_load((DOCS.parent / "CITATION.cff").read_text(encoding="utf-8"))
author, year = cff["authors"][0]["name"], cff["date-released"].year
project = "Interfirm"
copyright = f"{year}, {author}"
release = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx_copybutton"]
exclude_patterns = ["_templates"]
templates_path = ["_templates"]

# Names without a page here: other projects' pages need the internet, and the economy's modules are not public.
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(collections|mesa|networkx|numpy|pandas|sim\.economy|sim\.mesa_model\.[a-z_]+)\..*"),
    ("py:.*", "|".join([*ARRAYS, "ArrayLike", "TypeAliasForwardRef", r"sim\.plain\.chance\.F"])),
]

myst_enable_extensions = ["substitution"]
myst_heading_anchors = 3
myst_substitutions = {
    "citation": f"{author} ({year}). *{cff['title']}*. Version {cff['version']}. [Computer software]",
    "bibtex": f"""```bibtex
@software{{interfirm,
  author  = {{{{{author}}}}},
  title   = {{{cff["title"]}}},
  year    = {{{year}}},
  version = {{{cff["version"]}}},
}}
```""",
}

# Docstrings are written for readers of the code: `name` is code, not emphasis.
default_role = "code"
add_module_names = False
python_maximum_signature_line_length = 90
toc_object_entries_show_parents = "hide"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_type_aliases = {name: name for name in (*ARRAYS, "ArrayLike")}
google_style = Config(napoleon_use_ivar=True, autodoc_type_aliases=autodoc_type_aliases)
autosummary_context = {"exporting": EXPORTING}

html_theme = "pydata_sphinx_theme"
html_title = "Interfirm"
html_favicon = "_static/logo.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["search_rows.js"]
html_sidebars = {"index": [], "reference/conformance_rows": [], "project/*": []}
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "logo": {"image_light": "_static/logo.svg", "image_dark": "_static/logo.svg", "text": "Interfirm", "alt_text": ""},
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
}


class ConformanceRows(SphinxDirective):
    """All rows of reference/conformance.csv as a table; `_static/search_rows.js` adds the search box."""

    COLUMNS = (("part",), ("check", "reference", "source"), ("expected",), ("ours",), ("interval", "tolerance"), ("verdict",))
    WIDTHS = (8, 44, 10, 10, 20, 8)

    def run(self) -> list[nodes.Node]:
        """Return the table; cells with several texts have one paragraph for each."""
        filename, path = self.env.relfn2path("conformance.csv")
        self.env.note_dependency(filename)
        with Path(path).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in self.WIDTHS), cols=len(self.WIDTHS))
        group += nodes.thead("", self.row({name: name for name in rows[0]}))
        group += nodes.tbody("", *(self.row(row) for row in rows))
        return [nodes.table("", group, classes=["rows"])]

    def row(self, cells: dict[str, str]) -> nodes.row:
        """Return one row of the table."""
        return nodes.row(
            "", *(nodes.entry("", *(nodes.paragraph("", cells[n], classes=[n]) for n in names)) for names in self.COLUMNS)
        )


def public_modules() -> list[ModuleType]:
    """Return the modules that have a page of their own."""
    packages = [import_module(name) for name in OPEN]
    inside = [module.name for package in packages for module in walk_packages(package.__path__, package.__name__ + ".")]
    return [import_module(name) for name in [*EXPORTING, *OPEN, *inside]]


def load_names_of_annotations(module: ModuleType) -> None:
    """Import what a module imports for type checkers only, so that Sphinx can link the names in its annotations."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            exec(compile(ast.Module(node.body, []), module.__file__, "exec"), vars(module))


def signature_of_class(_app: Sphinx, what: str, _name: str, obj: object, *_: object) -> tuple[str, None] | None:
    """Return the fields of a named tuple without types; of a class with both `__new__` and `__init__`, what `__init__` takes."""
    if what != "class":
        return None
    if hasattr(obj, "_fields"):
        return f"({', '.join(obj._fields)})", None
    if {"__new__", "__init__"} <= vars(obj).keys():
        return stringify_signature(signature(obj.__init__, bound_method=True), show_return_annotation=False), None
    return None


def skip_fields(_app: Sphinx, _what: str, _name: str, obj: object, skip: bool, _options: object) -> bool:
    """Skip the fields of named tuples: docstrings have them under "Attributes"."""
    return skip or (getattr(obj, "__doc__", None) or "").startswith("Alias for field number")


def read_sections(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Read sections such as "Args". Properties have none, and Napoleon would take words before a colon for their type."""
    if what not in ("attribute", "data", "property"):
        lines[:] = GoogleDocstring(lines, google_style, app, what, name, obj, options).lines()


def setup(app: Sphinx) -> None:
    """Register the directive, and prepare the modules that autodoc reads."""
    app.add_directive("conformance-rows", ConformanceRows)
    app.connect("autodoc-process-signature", signature_of_class)
    app.connect("autodoc-process-docstring", read_sections)
    app.connect("autodoc-skip-member", skip_fields)
    exported = [inspect.getmodule(getattr(module, name)) for module in map(import_module, EXPORTING) for name in module.__all__]
    for module in {*public_modules(), *exported}:
        load_names_of_annotations(module)
