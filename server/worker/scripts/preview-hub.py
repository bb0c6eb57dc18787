"""The first rows of a data set that DeepSpeed-Chat has a class for, as its training reads them. Goes before preview-data.py,
whose names it uses when it runs. The class and the choice of it are the checkout's own; the data set is streamed, so that
no more than its first rows comes. Imports neither torch nor deepspeed. Python 3.8 or newer."""


def preview_hub(name, application):
    import os

    source = os.path.join(application, "dschat", "utils", "data")
    if not os.path.isfile(os.path.join(source, "data_utils.py")):
        return fail("no_checkout", detail=source)
    known = names_known_to(source)
    if known and not any(each in name for each in known):
        return fail("unknown_name", known=known)
    # What training would find where it begins: a relative name may be a folder.
    place = os.path.join(application, "training", "step1_supervised_finetuning")
    if os.path.isdir(place):
        os.chdir(place)
    try:
        datasets = import_datasets(os.environ)
    except Exception as error:
        return fail("no_environment", detail=short(error), python=sys.executable)
    say(type="source", kind="saved" if os.path.exists(name) else "hub", offline=is_offline(os.environ))
    try:
        raw = choose_class(source, datasets)(name, os.path.join(application, "unused"), 1234, 0)
    except Exception as error:
        return fail(**reason_of(error))
    for part, get in (("train", raw.get_train_data), ("eval", raw.get_eval_data)):
        preview_part(part, get, raw)


def names_known_to(source):
    """The texts that get_raw_dataset of the checkout's data_utils.py looks for in a name."""
    import ast

    return [
        node.left.value
        for node in ast.walk(function_of(source))
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In) and isinstance(node.left, ast.Constant)
    ]


def function_of(source):
    import ast
    import os

    with open(os.path.join(source, "data_utils.py"), "rb") as file:
        tree = ast.parse(file.read())
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "get_raw_dataset"]
    return ast.Module(body=found, type_ignores=[])


def is_offline(environment):
    names = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE")
    return any(environment.get(name, "").upper() in ("1", "ON", "YES", "TRUE") for name in names)


def import_datasets(environment):
    for name in ("USE_TORCH", "USE_TF", "USE_JAX"):
        environment[name] = "0"
    environment["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    environment.setdefault("HF_HUB_DOWNLOAD_TIMEOUT", "15")
    import datasets

    config = getattr(datasets, "config", None)
    if config is not None:
        # By default a stream waits minutes for a hub that is gone.
        config.STREAMING_READ_MAX_RETRIES = 1
        config.STREAMING_READ_RETRY_INTERVAL = 1
    return datasets


class Part:
    """One split as the classes use it: they take its length, cut it, and read rows."""

    UNKNOWN = 2**40

    def __init__(self, rows, total, is_share=False):
        self.rows, self.total, self.is_share = rows, total, is_share

    def __len__(self):
        return self.UNKNOWN if self.total is None else self.total

    def __iter__(self):
        return iter(self.rows)


class Splits(dict):
    def __missing__(self, name):
        raise LookupError("split_missing", name, ", ".join(self) or "none")


def splits_of(loaded):
    """Of an (Iterable)DatasetDict. What load_from_disk gives for one split alone stays as it is, and fails as in training."""
    if not hasattr(loaded, "items"):
        return loaded
    return Splits((name, Part(rows, total_of(rows, name))) for name, rows in loaded.items())


def total_of(rows, name):
    if hasattr(rows, "__len__"):
        return len(rows)
    splits = getattr(getattr(rows, "info", None), "splits", None) or {}
    return getattr(splits.get(name), "num_examples", None) or None


def share_of(dataset, index):
    split, at, size = index
    shares = [float(each) for each in split.split(",")]
    total = None if size >= Part.UNKNOWN else int(round(size * shares[at] / sum(shares)))
    return Part(dataset, total, is_share=True)


def choose_class(source, datasets):
    """get_raw_dataset of the checkout, over its raw_datasets.py. For its import torch is the one name that it takes of it;
    afterwards it is what it was, since libraries look for it among the imported modules."""
    import importlib.util
    import os
    import types

    def stand_in(name, **names):
        module = types.ModuleType(name)
        module.__dict__.update(names)
        sys.modules[name] = module

    names_of_torch = ("torch", "torch.utils", "torch.utils.data")
    real = {name: sys.modules.pop(name) for name in names_of_torch if name in sys.modules}
    for name in ("torch", "torch.utils"):
        stand_in(name, __path__=[])
    stand_in("torch.utils.data", Subset=share_of)
    package = os.path.dirname(os.path.dirname(source))
    for name, place in (("dschat", package), ("dschat.utils", os.path.dirname(source)), ("dschat.utils.data", source)):
        stand_in(name, __path__=[place])
    stand_in(
        "dschat.utils.data.data_utils",
        get_raw_dataset_split_index=lambda rank, out, name, seed, part, split, at, size, *rest: (split, at, size),
    )
    file = os.path.join(source, "raw_datasets.py")
    spec = importlib.util.spec_from_file_location("dschat.utils.data.raw_datasets", file)
    raw_datasets = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = raw_datasets
    sys.dont_write_bytecode = True
    spec.loader.exec_module(raw_datasets)
    for name in names_of_torch:
        del sys.modules[name]
    sys.modules.update(real)
    raw_datasets.load_dataset = lambda *args, **more: splits_of(datasets.load_dataset(*args, streaming=True, **more))
    raw_datasets.load_from_disk = lambda *args, **more: splits_of(datasets.load_from_disk(*args, **more))
    names = {"raw_datasets": raw_datasets, "os": os, "__file__": os.path.join(source, "data_utils.py")}
    exec(compile(function_of(source), "data_utils.py", "exec"), names)
    return names["get_raw_dataset"]


def preview_part(part, get, raw):
    try:
        rows = get()
        total = None if isinstance(rows, Part) and rows.total is None else len(rows)
        is_share = isinstance(rows, Part) and rows.is_share
        say(type="part", part=part, total=total, isExact=True, isShare=is_share)
        # Both shares come out of the same rows, in an order that only training makes.
        if is_share and part == "eval":
            return
        for place, sample in enumerate(rows, 1):
            if place == 1:
                say(type="columns", part=part, columns=[str(column) for column in sample])
            if place > ROWS or not say_row(part, "row %d" % place, hub_texts(raw, sample)):
                return
        say(type="whole", part=part)
    except Exception as error:
        fail(part=part, **reason_of(error))


def hub_texts(raw, sample):
    """Texts to show by name, and those that create_dataset_split of data_utils.py reads, or the error that ends it there."""

    def read(get):
        try:
            return get(sample)
        except Exception as error:
            return error

    return {
        "prompt": read(raw.get_prompt),
        "chosen": read(raw.get_chosen),
        "rejected": read(raw.get_rejected),
        "prompt_and_chosen": read(raw.get_prompt_and_chosen),
        "prompt_and_rejected": read(raw.get_prompt_and_rejected),
    }


def reason_of(error):
    import os

    if isinstance(error, LookupError) and error.args and error.args[0] == "split_missing":
        return {"code": "split_missing", "split": error.args[1], "splits": error.args[2]}
    chain = []
    while error is not None and len(chain) < 10:
        chain.append(error)
        error = error.__cause__ or error.__context__
    kinds = " ".join(kind.__name__ for each in chain for kind in type(each).__mro__)
    text = " ".join(str(each) for each in chain)
    detail = short(chain[0])
    if "gated" in text.lower() or "GatedRepo" in kinds:
        return {"code": "hub_gated", "detail": detail}
    if "scripts are no longer supported" in text or "trust_remote_code" in text:
        return {"code": "hub_script", "detail": detail}
    if is_offline(os.environ):
        return {"code": "offline", "detail": detail}
    if "401" in text or "403" in text or "Unauthorized" in text:
        return {"code": "hub_refused", "detail": detail}
    if "DatasetNotFound" in kinds or "RepositoryNotFound" in kinds:
        return {"code": "hub_absent", "detail": detail}
    if any(kind in kinds for kind in ("ConnectionError", "Timeout", "ConnectError", "ProxyError", "LocalEntryNotFound")):
        return {"code": "hub_unreachable", "detail": detail}
    return {"code": "load_failed", "detail": detail}
