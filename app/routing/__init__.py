"""Decisions only: values in, decision out. Nothing here reads a database or tells anybody."""
