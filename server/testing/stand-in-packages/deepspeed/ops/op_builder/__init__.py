import os
import pathlib


class _Builder:
    def __init__(self, name):
        self.name = name

    def is_compatible(self, verbose=False):
        return True

    def load(self, verbose=False):
        place = pathlib.Path(os.environ["TORCH_EXTENSIONS_DIR"]) / self.name
        place.mkdir(parents=True, exist_ok=True)
        library = place / f"{self.name}.so"
        if not library.exists():
            library.write_text("built")


def FusedAdamBuilder():
    return _Builder("fused_adam")


def CPUAdamBuilder():
    return _Builder("cpu_adam")
