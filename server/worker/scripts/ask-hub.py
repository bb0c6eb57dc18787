"""ask-hub.py SECONDS KIND/NAME…: whether the hub has these (KIND: models or datasets), one line hub=JSON each. Asks only, with
the proxies, the certificates and the token that a run would use. A proxy that speaks SOCKS is beyond it: it says so. Python 3.8
or newer, nothing but its own library."""

import base64
import json
import os
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import quote, unquote, urlsplit, urlunsplit

MAX_ANSWER = 4 * 1024 * 1024
WEIGHTS = (".safetensors", ".bin")
ROWS = (".parquet", ".arrow", ".json", ".jsonl", ".csv", ".tsv", ".txt", ".zip", ".gz", ".zst", ".bz2", ".xz", ".tar")


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


def question(kind, name):
    """urllib knows no name and password in an address: they go into a header, where a token takes precedence."""
    parts = urlsplit((os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/"))
    login, _, host = parts.netloc.rpartition("@")
    path = f"{parts.path}/api/{kind}/{quote(name)}"
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


def rows_bytes(files, infos):
    """What load_dataset would fetch, and what it would make of it in its own cache. None where that is not told: names of
    files do not tell what is fetched of several configurations."""
    infos = [infos] if isinstance(infos, dict) else infos if isinstance(infos, list) else []
    told = infos[0] if len(infos) == 1 else {}
    sizes = [
        file.get("size") for file in files if file.get("rfilename", "").lower().endswith(ROWS) and len(infos) < 2
    ]
    fetched = sum(sizes) if sizes and None not in sizes else told.get("download_size")
    return fetched, told.get("dataset_size")


class Unasked(Exception):
    """The libraries may reach the hub; this program cannot."""


def opener(scheme):
    """As requests goes about it, which the hub's library uses: ALL_PROXY stands in for what is not named, and a bundle of
    certificates may be named. SSL_CERT_FILE is OpenSSL's own."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if proxy and proxy.lower().startswith("socks"):
        raise Unasked("its proxy speaks SOCKS")
    if proxy:
        proxies[scheme] = proxy
    trust = ssl.create_default_context()
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    if bundle:
        if not os.path.exists(bundle):
            raise OSError(f"there are no certificates at {bundle}")
        trust.load_verify_locations(**{"capath" if os.path.isdir(bundle) else "cafile": bundle})
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=trust)
    )


def ask(asked, facts, seconds):
    try:
        with opener(asked.type).open(asked, timeout=seconds) as answer:
            facts["status"] = answer.status
            told = json.loads(answer.read(MAX_ANSWER))
        facts["isGated"] = told.get("gated") not in (None, False)
        files = told.get("siblings") or []
        if facts["kind"] == "models":
            facts["bytes"] = download_bytes(files)
        else:
            infos = (told.get("cardData") or {}).get("dataset_info")
            facts["bytes"], facts["preparedBytes"] = rows_bytes(files, infos)
    except urllib.error.HTTPError as error:
        facts["status"] = error.code
    except Unasked as error:
        facts["isAsked"], facts["failure"] = False, str(error)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        if facts["status"] is None:
            reason = getattr(error, "reason", None) or error
            facts["failure"] = " ".join(str(reason).split())[:200] or type(error).__name__


def main():
    """One that does not answer at all, or by bytes far apart, has said nothing when the time is over: that is told too."""
    seconds = float(sys.argv[1])
    end = time.monotonic() + seconds
    asking = []
    for word in dict.fromkeys(sys.argv[2:]):
        kind, _, name = word.partition("/")
        endpoint, asked = question(kind, name)
        facts = {"kind": kind, "name": name, "endpoint": endpoint, "isAsked": True, "status": None, "failure": None}
        facts.update(isGated=False, bytes=None, preparedBytes=None)
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
