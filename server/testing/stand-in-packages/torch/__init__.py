"""Stands in for torch where a test prepares a node: as many GPUs as the node's nvidia-smi lists, and nothing to compute on."""
import importlib.metadata
import subprocess

__version__ = importlib.metadata.version("torch")


class version:
    cuda = "13.0"
    hip = None


class cuda:
    @staticmethod
    def device_count():
        try:
            listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return 0
        return len(listed.splitlines())

    @staticmethod
    def is_available():
        return cuda.device_count() > 0

    @staticmethod
    def init():
        if not cuda.is_available():
            raise RuntimeError("No CUDA GPUs are available")

    @staticmethod
    def get_arch_list():
        return ["sm_80", "compute_80"]

    @staticmethod
    def get_device_capability(index):
        return (8, 0)

    @staticmethod
    def get_device_name(index):
        return f"stand-in {index}"
