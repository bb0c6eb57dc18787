"""extract-archive.py ARCHIVE DESTINATION: unpacks a .tar.gz or .zip and names in DESTINATION/root the directory in it that
holds applications/DeepSpeed-Chat. Nothing lands outside of DESTINATION."""
import pathlib
import sys
import tarfile
import zipfile


def extract(archive: str, destination: pathlib.Path) -> None:
    destination.mkdir(parents=True)
    if zipfile.is_zipfile(archive):
        # zipfile drops drive letters, leading slashes and ".." by itself.
        with zipfile.ZipFile(archive) as unpacked:
            unpacked.extractall(destination)
        return
    with tarfile.open(archive, "r:gz") as unpacked:
        if not hasattr(tarfile, "data_filter"):
            sys.exit("This Python cannot unpack archives safely: name a newer one in the setting Python, or send a .zip.")
        unpacked.extractall(destination, filter="data")


def find_root(destination: pathlib.Path) -> pathlib.Path:
    candidates = [destination, *(entry for entry in destination.iterdir() if entry.is_dir())]
    for candidate in candidates:
        if (candidate / "applications" / "DeepSpeed-Chat").is_dir():
            return candidate
    sys.exit("The archive has no applications/DeepSpeed-Chat: upload an archive of the whole of DeepSpeedExamples.")


def main() -> None:
    archive, target = sys.argv[1], pathlib.Path(sys.argv[2])
    unpacked = target / "content"
    extract(archive, unpacked)
    (target / "root").write_text(f"{find_root(unpacked)}\n")


main()
