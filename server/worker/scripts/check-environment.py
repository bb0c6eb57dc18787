"""check-environment.py NOTE: imports what a stage imports, from the directory of a stage."""
import importlib
import importlib.metadata
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
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    note.write_text(", ".join(versions))


main()
