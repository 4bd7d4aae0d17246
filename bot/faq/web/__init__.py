"""FAQ pages that are published on the web, made into entries."""
