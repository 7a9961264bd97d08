"""Hold what only a workshop needs: it is rendered into no other project."""
