"""Stands in for transformers where a test prepares a node."""
import importlib.metadata

__version__ = importlib.metadata.version("transformers")
