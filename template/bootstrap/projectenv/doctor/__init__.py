"""Hold what only `doctor` needs: what is on this machine, and how to tell it."""
