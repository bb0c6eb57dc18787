"""make-stand-in-index.py DIRECTORY LOCK…: a package index on disk (PEP 503) with one tiny wheel for each "name==version" of
the lock files, for tests of preparing a node. Their modules hold as much as preparing asks of them."""
import base64
import hashlib
import pathlib
import re
import sys
import zipfile

HUB = '''
import os, pathlib, time

class RepositoryNotFoundError(Exception): pass

def _place(model):
    return pathlib.Path(os.environ["HF_HOME"]) / "hub" / ("models--" + model.replace("/", "--")) / "snapshots" / "main"

def snapshot_download(model, local_files_only=False, ignore_patterns=None):
    place = _place(model)
    if local_files_only:
        if not place.is_dir(): raise FileNotFoundError(model)
        return str(place)
    if model.startswith("missing/"): raise RepositoryNotFoundError(model)
    print("token", os.environ.get("HF_TOKEN"), flush=True)
    hold = pathlib.Path.home() / "hold"
    (pathlib.Path.home() / "is-fetching").touch()
    while hold.exists(): time.sleep(0.05)
    place.mkdir(parents=True)
    (place / "model.safetensors").write_text("weights")
    return str(place)

class HfApi:
    def list_repo_files(self, model): return ["model.safetensors"]
'''
MODULES = {
    "torch": "class cuda:\n    is_available = staticmethod(lambda: False)\n    device_count = staticmethod(lambda: 0)\n",
    "huggingface_hub": HUB,
}


def digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def write_wheel(directory: pathlib.Path, name: str, version: str) -> None:
    module = re.sub(r"[-.]+", "_", name.lower())
    info = f"{module}-{version}.dist-info"
    files = {
        f"{module}/__init__.py": MODULES.get(module, f"__version__ = {version!r}\n"),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},{digest(text.encode())},{len(text.encode())}\n" for path, text in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    place = directory / re.sub(r"[-_.]+", "-", name.lower())
    place.mkdir(parents=True, exist_ok=True)
    wheel = place / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    (place / "index.html").write_text(f'<!DOCTYPE html><a href="{wheel.name}">{wheel.name}</a>')


def main() -> None:
    directory = pathlib.Path(sys.argv[1])
    pins = {"huggingface_hub": "1.0.0"}
    for lock in sys.argv[2:]:
        for line in pathlib.Path(lock).read_text().splitlines():
            found = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.+!]+)", line)
            if found:
                pins[re.sub(r"[-.]+", "_", found[1].lower())] = found[2]
    for name, version in pins.items():
        write_wheel(directory, name, version)


main()
