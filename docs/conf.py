"""How Sphinx makes the site from these pages: `make site`."""

from eventdesk_tools import __version__

project = "Eventdesk"
copyright = "the Eventdesk contributors"  # noqa: A001 - Sphinx's name
release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"Eventdesk {release}"
html_static_path: list[str] = []
html_show_sphinx = False
html_copy_source = False
exclude_patterns = ["conf.py"]
suppress_warnings = ["myst.header"]
nitpicky = True
