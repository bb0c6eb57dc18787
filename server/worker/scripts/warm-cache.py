"""warm-cache.py NOTE: brings the models named in PREPARE_MODELS (one a line) into the cache below HF_HOME, or, with
HF_HUB_OFFLINE=1, only looks whether they are there. The token comes in HF_TOKEN. Exit status 3: none were chosen, 4: all were
there, 1: see NOTE."""
import os
import pathlib
import sys

# Formats of other frameworks, and copies of the same weights.
IGNORED = ["*.h5", "*.msgpack", "*.ot", "*.tflite", "*.onnx", "*.gguf", "onnx/*", "original/*", "coreml/*", "openvino/*"]
IS_OFFLINE = os.environ.get("HF_HUB_OFFLINE") == "1"


def finish(status: int, note: str) -> None:
    pathlib.Path(sys.argv[1]).write_text(note)
    print(note)
    sys.exit(status)


def explain(model: str, error: Exception) -> str:
    kind = type(error).__name__
    if "Gated" in kind:
        return f"{model} needs its terms accepted on the hub, by the account of the token: check the setting Hub token."
    if kind == "RepositoryNotFoundError":
        return f"The hub has no {model}, or shows it only with a token: check the models and the setting Hub token."
    if isinstance(error, OSError) and error.errno == 28:
        return "The disk of the model cache is full: free some space, or set another HF_HOME."
    first = (str(error).strip().splitlines() or [kind])[0]
    return f"{model} could not be fetched ({kind}: {first}). Check the settings Proxy and Hub address, or use offline mode."


def has_safetensors(model: str) -> bool:
    from huggingface_hub import HfApi

    names = HfApi().list_repo_files(model)
    return any(name.endswith(".safetensors") for name in names)


def is_cached(model: str) -> bool:
    from huggingface_hub import snapshot_download

    try:
        directory = pathlib.Path(snapshot_download(model, local_files_only=True))
    except Exception:  # Each version of the library has its own for "not there".
        return False
    has_weights = any(directory.glob("*.safetensors")) or any(directory.glob("*.bin"))
    return has_weights and not any(pathlib.Path(directory).parents[1].glob("blobs/*.incomplete"))


def fetch(model: str) -> None:
    from huggingface_hub import snapshot_download

    ignored = [*IGNORED, "*.bin"] if has_safetensors(model) else IGNORED
    snapshot_download(model, ignore_patterns=ignored)


def main() -> None:
    models = os.environ.get("PREPARE_MODELS", "").split()
    if not models:
        finish(3, "No models were chosen.")
    missing = [model for model in models if not is_cached(model)]
    if not missing:
        finish(4, f"{len(models)} in the cache")
    if IS_OFFLINE:
        finish(1, f"Not in the cache of HF_HOME, and offline mode is on: {', '.join(missing)}. Copy them there, or turn it off.")
    for number, model in enumerate(missing, 1):
        print(f"{number} of {len(missing)}: {model}", flush=True)
        try:
            fetch(model)
        except Exception as error:  # Whatever it is, the step fails with its reason.
            finish(1, explain(model, error))
    finish(0, f"{len(missing)} fetched, {len(models) - len(missing)} were there")


main()
