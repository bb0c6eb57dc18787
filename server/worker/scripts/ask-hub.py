"""ask-hub.py SECONDS NAME…: whether the hub has these models, one line hub=JSON each. Asks only, with the proxies and the
token that a run would use. Python 3.8 or newer, nothing but its own library."""

import base64
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import quote, unquote, urlsplit, urlunsplit

MAX_ANSWER = 4 * 1024 * 1024
WEIGHTS = (".safetensors", ".bin")


def token():
    named = os.environ.get("HF_TOKEN") or os.environ.get("HUGGING_FACE_HUB_TOKEN")
    if named:
        return named.strip()
    home = os.environ.get("HF_HOME") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface"
    )
    try:
        with open(os.path.expanduser(os.environ.get("HF_TOKEN_PATH") or os.path.join(home, "token"))) as file:
            return file.read().strip()
    except OSError:
        return ""


def question(name):
    """urllib knows no name and password in an address: they go into a header, where a token takes precedence."""
    parts = urlsplit((os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/"))
    login, _, host = parts.netloc.rpartition("@")
    path = f"{parts.path}/api/models/{quote(name)}"
    asked = urllib.request.Request(urlunsplit((parts.scheme, host, path, "blobs=true", "")))
    if token():
        asked.add_header("Authorization", f"Bearer {token()}")
    elif login:
        asked.add_header("Authorization", "Basic " + base64.b64encode(unquote(login).encode()).decode())
    return f"{parts.scheme}://{host}", asked


def download_bytes(files):
    """What from_pretrained would fetch: one set of weights, safetensors before bin. None where a size is not told."""
    for suffix in WEIGHTS:
        sizes = [
            file.get("size")
            for file in files
            if file.get("rfilename", "").endswith(suffix) and "/" not in file["rfilename"]
        ]
        if sizes:
            return None if any(size is None for size in sizes) else sum(sizes)
    return None


def ask(asked, facts, seconds):
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:
            facts["status"] = answer.status
            told = json.loads(answer.read(MAX_ANSWER))
        facts["isGated"] = told.get("gated") not in (None, False)
        facts["bytes"] = download_bytes(told.get("siblings") or [])
    except urllib.error.HTTPError as error:
        facts["status"] = error.code
    except (OSError, ValueError, AttributeError, TypeError) as error:
        if facts["status"] is None:
            reason = getattr(error, "reason", None) or error
            facts["failure"] = " ".join(str(reason).split())[:200] or type(error).__name__


def main():
    """One that does not answer at all, or by bytes far apart, has said nothing when the time is over: that is told too."""
    seconds = float(sys.argv[1])
    end = time.monotonic() + seconds
    asking = []
    for name in dict.fromkeys(sys.argv[2:]):
        endpoint, asked = question(name)
        facts = {"name": name, "endpoint": endpoint, "status": None, "failure": None, "isGated": False, "bytes": None}
        thread = threading.Thread(target=ask, args=(asked, facts, seconds), daemon=True)
        thread.start()
        asking.append((thread, facts))
    for thread, facts in asking:
        thread.join(max(0, end - time.monotonic()))
        told = dict(facts)
        if told["status"] is None and told["failure"] is None:
            told["failure"] = f"no answer within {seconds:g} s"
        os.write(1, f"hub={json.dumps(told)}\n".encode("ascii"))


main()
