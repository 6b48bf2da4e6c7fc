"""The names of the report formats, for what must not wait until a report is loaded."""

FORMATS = ("table", "json", "sarif", "markdown", "html")
"""The formats for people and their tools; each is a module of this package."""
