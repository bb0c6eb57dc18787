import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The choice of a class by a part of the name, as DeepSpeed-Chat makes it, for three data sets. */
const DATA_UTILS = `import torch
import deepspeed
from dschat.utils.data import raw_datasets
raise SystemExit("was imported")

def get_raw_dataset(dataset_name, output_path, seed, local_rank):
    if "lab/pairs" in dataset_name:
        return raw_datasets.Pairs(output_path, seed, local_rank, dataset_name)
    elif "lab/answers" in dataset_name:
        return raw_datasets.Answers(output_path, seed, local_rank, dataset_name)
    else:
        raise RuntimeError("We do not have configs for dataset %s" % dataset_name)
`;
const RAW_DATASETS = `import os
from datasets import load_dataset, load_from_disk
from torch.utils.data import Subset

class Base(object):
    def __init__(self, output_path, seed, local_rank, dataset_name):
        self.seed, self.output_path, self.local_rank = seed, output_path, local_rank
        self.raw_datasets = load_from_disk(dataset_name) if os.path.exists(dataset_name) else load_dataset(dataset_name)

class Pairs(Base):
    def get_train_data(self):
        return self.raw_datasets["train"]
    def get_eval_data(self):
        return self.raw_datasets["test"]
    def get_prompt(self, sample):
        print("noise")
        return " Human: " + sample["question"] + " Assistant:"
    def get_chosen(self, sample):
        return " " + sample["good"]
    def get_rejected(self, sample):
        return " " + sample["bad"]
    def get_prompt_and_chosen(self, sample):
        return self.get_prompt(sample) + self.get_chosen(sample)
    def get_prompt_and_rejected(self, sample):
        return self.get_prompt(sample) + self.get_rejected(sample)

class Answers(Pairs):
    def cut(self, at):
        from .data_utils import get_raw_dataset_split_index
        dataset = self.raw_datasets["train"]
        index = get_raw_dataset_split_index(self.local_rank, self.output_path, "a", self.seed, "train_eval", "9,1", at, len(dataset))
        return Subset(dataset, index)
    def get_train_data(self):
        return self.cut(0)
    def get_eval_data(self):
        return self.cut(1)
    def get_rejected(self, sample):
        return None
    def get_prompt_and_rejected(self, sample):
        return None
`;
/** Stands for the package: the rows that the test wrote as JSON, or the error it asked for. Streams, or it fails. */
const DATASETS = `import json, os, sys, time

class DatasetNotFoundError(Exception):
    pass

class Rows:
    def __init__(self, rows):
        self.rows = rows
    def __iter__(self):
        for row in self.rows:
            if row == "cut":
                raise ConnectionError("connection reset")
            yield row

def load_dataset(name, streaming=False):
    assert streaming, "everything would be downloaded"
    # The package itself looks for it so, and takes what it finds for the whole of it.
    assert "torch" not in sys.modules
    known = json.loads(os.environ["STAND_IN_HUB"])
    if "hang" in known:
        time.sleep(600)
    if "refuse" in known:
        raise {"absent": DatasetNotFoundError, "unreachable": ConnectionError}.get(known["refuse"], OSError)(known["text"])
    return {split: Rows(rows) for split, rows in known.items()}

def load_from_disk(path):
    raise FileNotFoundError("Directory %s is neither a Dataset directory nor a DatasetDict directory." % path)
`;

/**
 * A checkout with an application below it and a stand-in for the package datasets, as files of the test's own.
 * @returns paths of the application and of the folder for PYTHONPATH
 */
export function writePreviewCheckout(directory: string): { application: string; packages: string } {
  const application = join(directory, "DeepSpeedExamples/applications/DeepSpeed-Chat");
  const packages = join(directory, "packages");
  const files = {
    [join(application, "dschat/utils/data/data_utils.py")]: DATA_UTILS,
    [join(application, "dschat/utils/data/raw_datasets.py")]: RAW_DATASETS,
    [join(application, "training/step1_supervised_finetuning/main.py")]: "",
    [join(packages, "datasets/__init__.py")]: DATASETS,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return { application, packages };
}
