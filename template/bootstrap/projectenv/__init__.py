"""Make and keep the virtual environment of one project, with the standard library only."""
