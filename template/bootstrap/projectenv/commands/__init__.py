"""Hold the commands beside the default one; each is imported only when asked for."""
