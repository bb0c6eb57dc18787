"""make-tiny-models.py DIRECTORY: models of a few hundred weights, saved as the evaluation program finds them on a node.

baseline: as from_pretrained reads it. sft: as DeepSpeed-Chat saves it, pytorch_model.bin and no tokenizer, named after
baseline. ender: says <|endoftext|> whatever it is asked. reward: a transformer and v_head, as step 2 saves them.
"""

import json
import os
import sys

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

END = "<|endoftext|>"
WORDS = [END, "<unk>", "Human", "Assistant", ":", "one", "two", "three", "four", "five", "six", "seven"]


def tokenizer():
    words = Tokenizer(models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=words, eos_token=END, bos_token=END, unk_token="<unk>")


def model(seed):
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=len(WORDS), n_positions=64, n_embd=16, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0
    )
    made = GPT2LMHeadModel(config)
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(torch.randn_like(weight) * 0.3)
    return made


def save_as_deepspeed_chat(directory, state, made, origin):
    os.makedirs(directory)
    torch.save(state, os.path.join(directory, "pytorch_model.bin"))
    config = {**made.config.to_dict(), "_name_or_path": origin}
    with open(os.path.join(directory, "config.json"), "w", encoding="utf-8") as file:
        json.dump(config, file)


def main(directory):
    path = lambda name: os.path.join(directory, name)  # noqa: E731
    baseline = model(1)
    baseline.save_pretrained(path("baseline"))
    tokenizer().save_pretrained(path("baseline"))
    sft = model(2)
    save_as_deepspeed_chat(path("sft"), sft.state_dict(), sft, path("baseline"))
    ender = model(3)
    with torch.no_grad():
        # Every position becomes the same vector, which lies along the first word's embedding.
        ender.transformer.ln_f.weight.zero_()
        ender.transformer.ln_f.bias.copy_(ender.transformer.wte.weight[0] * 50)
    save_as_deepspeed_chat(path("ender"), ender.state_dict(), ender, path("baseline"))
    reward = model(4)
    state = {f"rwtransformer.{name}": value for name, value in reward.transformer.state_dict().items()}
    state["v_head.weight"] = torch.randn(1, 16)
    save_as_deepspeed_chat(path("reward"), state, reward, path("baseline"))


main(sys.argv[1])
