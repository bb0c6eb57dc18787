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
        if hasattr(tarfile, "data_filter"):
            unpacked.extractall(destination, filter="data")
        else:
            unpacked.extractall(destination, members=plain_members(unpacked))


def plain_members(archive: tarfile.TarFile) -> "list[tarfile.TarInfo]":
    """For Python before 3.11.4, whose tarfile has no filters: files and directories only, none of them outside."""
    members = [member for member in archive.getmembers() if member.isfile() or member.isdir()]
    for member in members:
        if member.name.startswith("/") or ".." in pathlib.PurePosixPath(member.name).parts:
            sys.exit(f"The archive holds a path that leads outside of it: {member.name}")
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return members


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
