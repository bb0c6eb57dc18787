"""check-environment.py NOTE: imports what a stage imports, from the directory of a stage, and looks for the program that starts it."""
import importlib
import importlib.metadata
import os
import pathlib
import sys

PACKAGES = ["torch", "deepspeed", "transformers", "datasets", "accelerate", "tensorboard"]


def main() -> None:
    note = pathlib.Path(sys.argv[1])
    for name in [*PACKAGES, "dschat"]:
        try:
            importlib.import_module(name)
        except Exception as error:  # A module that breaks in any way is one that cannot be used.
            note.write_text(f"{name} cannot be imported ({type(error).__name__}: {error}).")
            raise
        print(f"import {name}: ok", flush=True)
    launcher = pathlib.Path(sys.executable).parent / "deepspeed"
    if not os.access(launcher, os.X_OK):
        note.write_text(f"{launcher}, which starts every run, is missing or cannot be executed: the index has a broken deepspeed.")
        sys.exit(1)
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    note.write_text(", ".join(versions))


main()
