"""The pages: thin, one module a subject; each asks the workbench and hands nouns to a template."""
