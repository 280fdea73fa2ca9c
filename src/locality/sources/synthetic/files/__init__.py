"""The publications' own file formats, one module a family, written without any reader's help."""
