import os
import shutil

_nvcc = shutil.which("nvcc")
CUDA_HOME = None if _nvcc is None else os.path.dirname(os.path.dirname(_nvcc))
