"""probe-readiness.py SECONDS HUB_CACHE: what the Python of a run can do, one line NAME=JSON a part.

Every part is a process of its own with SECONDS to live: importing torch may take long, hang on a broken driver or die, and
then costs only itself. Lines are short enough to be written whole. Nothing is built, downloaded or kept. Python 3.8 or newer.
"""

import json
import os
import signal
import sys
import time

MAX_TEXT = 300
OUTPUT = os.dup(1)
OPS = ("fused_adam", "cpu_adam", "transformer_inference")
TRUE = ("1", "ON", "YES", "TRUE")


def say(name, **facts):
    os.write(OUTPUT, f"{name}={json.dumps(facts)}\n".encode("ascii"))


def short(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1] if lines else ''}"[:MAX_TEXT]


def probe_python():
    import importlib.util
    import sysconfig
    from importlib import metadata

    try:
        tensorboard = metadata.version("tensorboard")
    except metadata.PackageNotFoundError:
        tensorboard = None
    return {
        "isVirtualEnvironment": sys.prefix != sys.base_prefix,
        # PEP 668: pip refuses to install into a Python that the distribution looks after.
        "isManaged": sys.prefix == sys.base_prefix
        and os.path.isfile(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")),
        "hasVenv": importlib.util.find_spec("venv") is not None
        and importlib.util.find_spec("ensurepip") is not None,
        "hasHeaders": os.path.isfile(os.path.join(sysconfig.get_paths()["include"], "Python.h")),
        "tensorboard": tensorboard,
    }


def holds_code_for(arches, major, minor):
    """Machine code runs on the same major from its own minor on; PTX (compute_) on everything newer."""
    for arch in arches:
        kind, _, digits = arch.partition("_")
        digits = digits.rstrip("af")
        if not digits.isdigit():
            continue
        built = (int(digits[:-1]), int(digits[-1]))
        if kind == "compute" and built <= (major, minor):
            return True
        if kind == "sm" and built[0] == major and built[1] <= minor:
            return True
    return False


def probe_torch():
    import torch

    facts = {
        "version": torch.__version__,
        "cuda": torch.version.cuda,
        "hip": getattr(torch.version, "hip", None),
        "deviceCount": torch.cuda.device_count() if torch.cuda.is_available() else 0,
        "visibleDevices": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "unsupported": [],
    }
    if facts["deviceCount"] == 0 and (facts["cuda"] or facts["hip"]):
        try:
            torch.cuda.init()
        except Exception as error:
            facts["cudaError"] = short(error)
    if facts["hip"] is None:
        arches = torch.cuda.get_arch_list()
        for index in range(facts["deviceCount"]):
            major, minor = torch.cuda.get_device_capability(index)
            if not holds_code_for(arches, major, minor):
                facts["unsupported"].append(f"{torch.cuda.get_device_name(index)} (sm_{major}{minor})")
    return facts


def built_before(name, torch):
    """Where torch.utils.cpp_extension would keep a build of an earlier run."""
    root = os.environ.get("TORCH_EXTENSIONS_DIR")
    if root is None:
        from torch.utils.cpp_extension import get_default_build_root

        cuda = "cpu" if torch.version.cuda is None else "cu" + torch.version.cuda.replace(".", "")
        root = os.path.join(
            get_default_build_root(), f"py{sys.version_info[0]}{sys.version_info[1]}{sys.abiflags}_{cuda}"
        )
    return os.path.isfile(os.path.join(root, name, f"{name}.so"))


def probe_deepspeed():
    import deepspeed
    import torch
    from deepspeed.git_version_info import installed_ops
    from deepspeed.ops.op_builder.all_ops import ALL_OPS

    ops = []
    for name in OPS:
        builder = ALL_OPS.get(name)
        if builder is None:
            continue
        why = None
        if installed_ops.get(name):
            state = "installed"
        elif built_before(name, torch):
            state = "built"
        else:
            try:
                state = "buildable" if builder.is_compatible(verbose=True) else "incompatible"
                why = getattr(builder, "error_log", None) if state == "incompatible" else None
            except Exception as error:
                state, why = "incompatible", short(error)
        ops.append({"name": name, "state": state, "why": why and str(why)[:MAX_TEXT]})
    return {"version": deepspeed.__version__, "ops": ops}


def probe_transformers():
    import transformers
    from transformers.utils import is_torch_available

    return {"version": transformers.__version__, "hasTorch": bool(is_torch_available())}


def probe_datasets():
    import datasets

    return {"version": datasets.__version__}


def models_in(cache):
    """Models of the hub's cache that have a configuration and weights, by name."""
    found = []
    for folder in sorted(os.listdir(cache)) if os.path.isdir(cache) else []:
        snapshots = os.path.join(cache, folder, "snapshots")
        if not folder.startswith("models--") or not os.path.isdir(snapshots):
            continue
        for snapshot in os.listdir(snapshots):
            files = os.listdir(os.path.join(snapshots, snapshot))
            if "config.json" in files and any(file.endswith((".bin", ".safetensors")) for file in files):
                found.append(folder[len("models--") :].replace("--", "/"))
                break
    return found


def question_to(endpoint):
    """urllib knows no name and password in an address: they go into a header."""
    import base64
    import urllib.request
    from urllib.parse import unquote, urlsplit, urlunsplit

    parts = urlsplit(endpoint)
    login, _, host = parts.netloc.rpartition("@")
    question = urllib.request.Request(
        urlunsplit((parts.scheme, host, parts.path + "/api/models", "limit=1", ""))
    )
    if login:
        question.add_header("Authorization", "Basic " + base64.b64encode(unquote(login).encode()).decode())
    return f"{parts.scheme}://{host}", question


def has_token():
    home = os.environ.get("HF_HOME") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "huggingface"
    )
    file = os.environ.get("HF_TOKEN_PATH") or os.path.join(home, "token")
    names = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
    return any(os.environ.get(name) for name in names) or os.path.isfile(os.path.expanduser(file))


def probe_models(cache):
    models = models_in(cache)
    offline = [os.environ.get(name, "").upper() in TRUE for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")]
    return {
        "models": [model[:100] for model in models[:10]],
        "modelCount": len(models),
        "isOffline": any(offline),
        "hasToken": has_token(),
    }


def probe_hub():
    """One small question to the hub, through the proxies that a run would use. Any answer of a server counts but 5xx."""
    import urllib.error
    import urllib.request

    endpoint = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
    address, question = question_to(endpoint)
    facts = {"endpoint": address, "isReachable": False}
    started = time.monotonic()
    try:
        with urllib.request.urlopen(question, timeout=8) as answer:
            answer.read(1)
        facts["isReachable"] = True
    except urllib.error.HTTPError as error:
        facts["isReachable"] = error.code in (401, 403, 404, 429)
        facts["failure"] = f"HTTP {error.code}"
    except Exception as error:
        facts["failure"] = short(getattr(error, "reason", None) or error)
    facts["latencyMs"] = round((time.monotonic() - started) * 1000)
    return facts


def run_apart(name, probe, seconds):
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        os.setpgid(0, 0)
        # Ends this process also when it hangs outside of Python and nobody is left to kill it.
        signal.alarm(int(seconds) + 2)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        say(name, **probe())
    except BaseException as error:
        say(name, error=short(error))
    finally:
        os._exit(0)


def watch(children, deadline):
    while children and time.monotonic() < deadline:
        for pid, name in list(children.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done == pid:
                del children[pid]
                if os.WIFSIGNALED(status):
                    say(name, error=f"the process was ended by signal {os.WTERMSIG(status)}")
        time.sleep(0.05)
    for pid, name in children.items():
        say(name, isTimedOut=True)
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def main():
    seconds, cache = float(sys.argv[1]), sys.argv[2]
    parts = {
        "python": probe_python,
        "models": lambda: probe_models(cache),
        "hub": probe_hub,
        "torch": probe_torch,
        "deepspeed": probe_deepspeed,
        "transformers": probe_transformers,
        "datasets": probe_datasets,
    }
    children = {run_apart(name, probe, seconds): name for name, probe in parts.items()}
    watch(children, time.monotonic() + seconds)


main()
