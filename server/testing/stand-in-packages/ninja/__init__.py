"""Stands in for ninja where a test prepares a node."""
import importlib.metadata

__version__ = importlib.metadata.version("ninja")
