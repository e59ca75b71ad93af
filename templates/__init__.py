"""The Jinja2 templates and their styles; a package, so that they reach the workers."""
