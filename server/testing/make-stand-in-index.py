"""make-stand-in-index.py DIRECTORY LOCK…: a package index on disk (PEP 503) with one tiny wheel for each "name==version" of
the lock files, for tests of preparing a node. What a wheel holds is in stand-in-packages/<module>, its programs in scripts/
there; a package without such a folder has nothing but a version."""
import base64
import hashlib
import pathlib
import re
import sys
import zipfile

PACKAGES = pathlib.Path(__file__).parent / "stand-in-packages"


def digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def module_files(module: str, version: str) -> "dict[str, str]":
    source = PACKAGES / module
    if not source.is_dir():
        return {f"{module}/__init__.py": f"__version__ = {version!r}\n"}
    files = {}
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if not path.is_file() or "__pycache__" in inside.parts:
            continue
        is_script = inside.parts[0] == "scripts"
        place = f"{module}-{version}.data/{inside}" if is_script else f"{module}/{inside}"
        files[place] = path.read_text()
    return files


def write_wheel(directory: pathlib.Path, name: str, version: str) -> None:
    module = re.sub(r"[-.]+", "_", name.lower())
    info = f"{module}-{version}.dist-info"
    files = {
        **module_files(module, version),
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
            entry = zipfile.ZipInfo(path)
            # pip makes only those programs executable that are so in the wheel.
            entry.external_attr = (0o100755 if ".data/scripts/" in path else 0o100644) << 16
            archive.writestr(entry, text)
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
