"""make-tiny-opt.py DIRECTORY TEXTS: an OPT of 0.1 M random weights with a tokenizer of its own, from a JSON list of texts.

Everything that OPT's real checkpoints have and DeepSpeed-Chat relies on: </s> before every text, byte-level BPE, vocab.json
and merges.txt beside the weights.
"""

import json
import sys

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GPT2TokenizerFast, OPTConfig, OPTForCausalLM

SPECIAL_TOKENS = ["<s>", "<pad>", "</s>", "<unk>"]
END = "</s>"
# DeepSpeed-Chat makes the embedding a multiple of 8 rows, and the tokenizer that it saves is read with a word more. As with
# OPT's own 50,265 words there has to be room for it: else PPO's critic and reward model get an embedding of other size,
# which load_state_dict_into_model leaves as it was, uninitialised.
WORDS = 333


def tokenizer(texts):
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=WORDS,
            special_tokens=SPECIAL_TOKENS,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    end_id = SPECIAL_TOKENS.index(END)
    bpe.post_processor = processors.TemplateProcessing(single=f"{END} $A", special_tokens=[(END, end_id)])
    return GPT2TokenizerFast(
        tokenizer_object=bpe, bos_token=END, eos_token=END, unk_token=END, pad_token="<pad>"
    )


def model(words):
    torch.manual_seed(1)
    end_id = SPECIAL_TOKENS.index(END)
    return OPTForCausalLM(
        OPTConfig(
            vocab_size=words,
            hidden_size=64,
            word_embed_proj_dim=64,
            ffn_dim=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=256,
            bos_token_id=end_id,
            eos_token_id=end_id,
            pad_token_id=SPECIAL_TOKENS.index("<pad>"),
        )
    )


def main(directory, texts_path):
    with open(texts_path, encoding="utf-8") as file:
        made = tokenizer(json.load(file))
    if len(made) % 8 == 0:
        sys.exit(f"{len(made)} words leave no room below the next multiple of 8: give other texts.")
    made.save_pretrained(directory)
    model(len(made)).save_pretrained(directory)


main(sys.argv[1], sys.argv[2])
