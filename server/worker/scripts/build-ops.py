"""build-ops.py NOTE: builds the operators that training would otherwise compile at its first start, into
TORCH_EXTENSIONS_DIR. Exit status 3: left out, and NOTE says why; 4: all were there."""
import os
import pathlib
import shutil
import sys


def finish(status: int, note: str) -> None:
    pathlib.Path(sys.argv[1]).write_text(note)
    print(note)
    sys.exit(status)


def find_obstacle() -> "str | None":
    try:
        import torch
    except ImportError as error:
        return f"torch cannot be imported ({error})."
    if not torch.cuda.is_available():
        return "torch sees no GPU here, so there is nothing to build for."
    from torch.utils.cpp_extension import CUDA_HOME

    if CUDA_HOME is None or not os.path.exists(os.path.join(CUDA_HOME, "bin", "nvcc")):
        return "The CUDA compiler (nvcc) is missing; the operators that need it cannot be used, FusedAdam among them."
    if shutil.which(os.environ.get("CXX", "c++")) is None and shutil.which("g++") is None:
        return "A C++ compiler (c++ or g++) is missing."
    if shutil.which("ninja") is None:
        return "ninja is missing."
    return None


def built() -> "set[pathlib.Path]":
    return set(pathlib.Path(os.environ["TORCH_EXTENSIONS_DIR"]).rglob("*.so"))


def main() -> None:
    os.environ["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    obstacle = find_obstacle()
    if obstacle is not None:
        finish(3, obstacle)
    from deepspeed.ops.op_builder import CPUAdamBuilder, FusedAdamBuilder

    before = built()
    names = []
    for builder in (FusedAdamBuilder(), CPUAdamBuilder()):
        print(f"building {builder.name}", flush=True)
        try:
            builder.load(verbose=True)
        except Exception as error:  # A compiler's failure has many types; its output stands above.
            finish(1, f"{builder.name} could not be built: {str(error).strip().splitlines()[0]}")
        names.append(builder.name)
    finish(4 if built() == before else 0, ", ".join(names))


main()
