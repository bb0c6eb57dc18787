"""preview-data.py KIND NAME ROWS SECONDS APPLICATION: the first ROWS rows of each part of a data set, as JSON lines.

KIND path: NAME is a folder with train.json and eval.json, read as LocalJsonFileDataset of DeepSpeed-Chat's raw_datasets.py
does it, with the standard library alone. KIND hub: see preview-hub.py, which goes before this file, as preview-json.py does.
Ends by itself after SECONDS. A line has a type: source, part, columns, row, whole (no row is left out), failure, end.
Python 3.8 or newer.
"""
import sys

# Of -c: what lies in the working directory must not stand in for a module.
if sys.path and sys.path[0] == "":
    del sys.path[0]

import errno
import json
import os
import re
import stat
import threading

MAX_TEXT = 20_000
MAX_OUTPUT = 1_500_000
OUTPUT = os.dup(1)
LOCK = threading.Lock()
ROWS = 0
written = 0


def say(**line):
    """One line, or False once there are too many bytes of rows."""
    global written
    data = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    with LOCK:
        if line["type"] == "row":
            if written + len(data) > MAX_OUTPUT:
                return False
            written += len(data)
        while data:
            data = data[os.write(OUTPUT, data) :]
    return True


def fail(code, part=None, **facts):
    say(type="failure", code=code, part=part, **facts)


def short(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = "%s: %s" % (type(error).__name__, lines[-1] if lines else "")
    # A proxy's or a mirror's address may hold a password.
    return re.sub(r"://[^/\s@]*@", "://", text)[:300]


def shown(text):
    return text[:MAX_TEXT] if isinstance(text, str) else None


def say_row(part, place, texts):
    """`uses`: what each stage does with the row: true, takes it; false, leaves it out; a text, ends with this error."""

    def use(*names):
        for name in names:
            if isinstance(texts[name], Exception):
                return short(texts[name])
        return all(texts[name] is not None for name in names)

    row = {name: shown(texts[name]) for name in ("prompt", "chosen", "rejected")}
    lengths = [len(texts[name]) for name in row if isinstance(texts[name], str)]
    uses = {
        "sft": use("prompt_and_chosen"),
        "reward": use("prompt_and_chosen", "prompt_and_rejected"),
        "ppo": use("prompt"),
    }
    return say(type="row", part=part, place=place, uses=uses, isCut=max(lengths, default=0) > MAX_TEXT, **row)


def preview_path(path):
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return fail(**no_access(error, path))
    if not stat.S_ISDIR(mode):
        say(type="source", kind="file", path=path)
        fail("is_file")
        return preview_file("train", path) if stat.S_ISREG(mode) else fail("not_file", part="train", path=path)
    say(type="source", kind="folder", path=path)
    is_saved = any(os.path.exists(os.path.join(path, name)) for name in ("dataset_dict.json", "dataset_info.json"))
    if is_saved and not os.path.exists(os.path.join(path, "train.json")):
        return fail("saved_folder")
    for part in ("train", "eval"):
        preview_file(part, os.path.join(path, part + ".json"))


def no_access(error, path):
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        nearest = path
        while nearest not in ("/", "") and not os.path.exists(nearest):
            nearest = os.path.dirname(nearest)
        is_link = os.path.islink(path)
        return {"code": "broken_link" if is_link else "path_absent", "path": path, "nearest": nearest}
    code = {errno.EACCES: "path_denied", errno.ELOOP: "link_loop"}.get(error.errno, "path_unreadable")
    return {"code": code, "path": path, "detail": error.strerror or str(error)}


def preview_file(part, path):
    file = None
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return fail("not_file", part=part, path=path)
        file = JsonFile(path)
        sample, rows, is_whole = [], file.rows(), True
        for row in rows:
            sample.append(row)
            if len(sample) == ROWS:
                is_whole = next(rows, None) is None
                break
        say_sample(part, sample)
        if not sample:
            return fail("empty_file", part=part, path=path)
        total, is_exact = (file.count, True) if is_whole else file.total()
        say(type="part", part=part, total=total, isExact=is_exact, isShare=False)
        if is_whole:
            say(type="whole", part=part)
    except Unreadable as error:
        say_sample(part, sample)
        fail(part=part, path=path, **error.facts)
    except OSError as error:
        facts = no_access(error, path)
        fail(part=part, **dict(facts, code="part_absent" if facts["code"] == "path_absent" else facts["code"]))
    finally:
        if file is not None:
            file.file.close()


def say_sample(part, sample):
    columns = list(dict.fromkeys(str(name) for _, row in sample for name in row))
    if columns:
        say(type="columns", part=part, columns=columns)
    for place, row in sample:
        if not say_row(part, place, local_texts(columns, row)):
            return


def local_texts(columns, row):
    """A column that other rows have is null in this one; one that none has ends the stage that asks for it."""

    def cell(name):
        if name not in columns:
            return KeyError(name)
        value = row.get(name)
        if value is None or isinstance(value, str):
            return value
        return TypeError('can only concatenate str (not "%s") to str, in %s' % (type(value).__name__, name))

    def both(answer):
        prompt, text = cell("prompt"), cell(answer)
        if isinstance(prompt, Exception) or isinstance(text, Exception):
            return prompt if isinstance(prompt, Exception) else text
        return None if prompt is None or text is None else prompt + " " + text

    texts = {name: cell(name) for name in ("prompt", "chosen", "rejected")}
    return dict(texts, prompt_and_chosen=both("chosen"), prompt_and_rejected=both("rejected"))


def end_late():
    fail("timed_out")
    say(type="end")
    os._exit(0)


def main(kind, name, rows, seconds, application):
    global ROWS
    ROWS = int(rows)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    watch = threading.Timer(float(seconds), end_late)
    watch.daemon = True
    watch.start()
    try:
        preview_path(name) if kind == "path" else preview_hub(name, application)
    except BaseException as error:
        fail("load_failed", detail=short(error))
    say(type="end")
    # Threads of the libraries would be waited for.
    os._exit(0)


main(*sys.argv[1:])
