#!/usr/bin/env python3
"""evaluate.py REQUEST ANSWERS: answers prompts with one model after another, then scores the answers.

REQUEST is a JSON file (EvaluationRequest of server/contracts/evaluations.ts), ANSWERS gets one JSON object a line
(EvaluationLine), partial answers while they are generated. Needs torch and transformers, nothing else. One model is in
memory at a time. A model that cannot be loaded costs its own answers only; the exit status is then 1.
"""

import gc
import json
import math
import os
import sys
import threading
import time
import traceback

# DeepSpeed-Chat ends every training example with these characters, whatever the tokenizer makes of them.
END_OF_CONVERSATION = "<|endoftext|>"
PARTIAL_SECONDS = 0.2
REWARD_PREFIXES = ("rwtransformer.", "rwtranrsformer.")


class Answers:
    """The output file. Every line is whole and flushed before the next one begins."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8", newline="\n")

    def write(self, **line):
        self.file.write(json.dumps(line, allow_nan=False) + "\n")
        self.file.flush()

    def progress(self, message):
        print(message, flush=True)
        self.write(type="progress", message=message)


def device_of_this_process():
    return torch.device("cuda:0" if torch.cuda.is_available() else "cpu")


def dtype_for(config, device):
    """Half precision on a GPU (bfloat16 if the model was saved so), full precision on a CPU."""
    if device.type == "cpu":
        return torch.float32
    saved = getattr(config, "dtype", None) or getattr(config, "torch_dtype", None)
    return torch.bfloat16 if "bfloat16" in str(saved) else torch.float16


def read_checkpoint(path):
    """State dict of a directory with pytorch_model.bin; None for anything that from_pretrained has to read."""
    file = os.path.join(path, "pytorch_model.bin")
    if not os.path.isfile(file) or os.path.isfile(os.path.join(path, "model.safetensors")):
        return None
    state = torch.load(file, map_location="cpu", weights_only=True)
    prefix = "module."
    return {key[len(prefix):] if key.startswith(prefix) else key: value for key, value in state.items()}


def embedding_rows(state):
    for key, value in state.items():
        if key.endswith(("embed_tokens.weight", "wte.weight", "word_embeddings.weight", "embed_in.weight")):
            return value.shape[0]
    return None


def fill(model, state, path):
    """Loads a state dict as DeepSpeed-Chat saves it: the vocabulary is padded to a multiple of 8, tied weights are absent
    with ZeRO 3, buffers come and go with the version of transformers."""
    rows = embedding_rows(state)
    if rows is not None and rows != model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(rows)
    model.tie_weights()
    shared = {id(model.get_input_embeddings().weight)}
    parameters = dict(model.named_parameters(remove_duplicate=False))
    missing, _ = model.load_state_dict(state, strict=False)
    absent = [key for key in missing if key in parameters and id(parameters[key]) not in shared]
    if absent:
        raise ValueError(f"{path} lacks {len(absent)} weights of the model, {absent[0]} for one")
    model.tie_weights()
    return model


def load_model(path, device):
    config = AutoConfig.from_pretrained(path)
    dtype = dtype_for(config, device)
    state = read_checkpoint(path)
    if state is None:
        named = "dtype" if version_of_transformers() >= (4, 56) else "torch_dtype"
        model = AutoModelForCausalLM.from_pretrained(path, config=config, **{named: dtype})
    else:
        model = fill(AutoModelForCausalLM.from_config(config).to(dtype), state, path)
    return model.to(device).eval()


def version_of_transformers():
    numbers = transformers.__version__.split(".")[:2]
    return tuple(int("".join(c for c in number if c.isdigit()) or 0) for number in numbers)


def has_tokenizer(path):
    return any(os.path.isfile(os.path.join(path, name)) for name in ("tokenizer.json", "tokenizer_config.json"))


def load_tokenizer(path, fallbacks):
    """DeepSpeed-Chat saves the vocabulary only, without saying which tokens are special: its own programs go back along
    config.json's _name_or_path to the model that a checkpoint began as. `fallbacks` are tried where that name is lost."""
    candidates = []
    origin = path
    while origin and origin not in candidates:
        candidates.append(origin)
        if not os.path.isdir(origin) or has_tokenizer(origin):
            break
        origin = origin_of(origin)
    candidates = [each for each in candidates if not os.path.isdir(each) or has_tokenizer(each)]
    candidates += [each for each in fallbacks if not os.path.isdir(each) or has_tokenizer(each)]
    problem = None
    for candidate in [*candidates, path]:
        try:
            tokenizer = AutoTokenizer.from_pretrained(candidate)
            break
        except Exception as error:  # whatever a hub or a damaged file raises, the next candidate may do
            problem = problem or error
    else:
        raise problem
    tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    return tokenizer


def origin_of(directory):
    try:
        with open(os.path.join(directory, "config.json"), encoding="utf-8") as file:
            return json.load(file).get("_name_or_path")
    except (OSError, ValueError):
        return None


def context_length(model):
    return getattr(model.config, "max_position_embeddings", None) or getattr(model.config, "n_positions", None) or 2048


def without_end(text):
    """Up to the end of the conversation. A model that was not taught to stop there goes on with the next one."""
    return text.split(END_OF_CONVERSATION, 1)[0]


class EndOfConversation:
    """A stopping criterion of transformers, which asks for nothing but the call."""

    def __init__(self, tokenizer, prompt_length):
        self.tokenizer = tokenizer
        self.prompt_length = prompt_length

    def __call__(self, input_ids, scores, **kwargs):
        recent = input_ids[0][max(self.prompt_length, len(input_ids[0]) - 12):]
        is_over = END_OF_CONVERSATION in self.tokenizer.decode(recent, skip_special_tokens=False)
        return torch.full((input_ids.shape[0],), is_over, dtype=torch.bool, device=input_ids.device)


def generation_options(settings):
    options = {"repetition_penalty": settings["repetitionPenalty"]}
    if settings["temperature"] == 0:
        return {**options, "do_sample": False, "num_beams": 1}
    return {
        **options,
        "do_sample": True,
        "temperature": settings["temperature"],
        "top_p": settings["topP"],
        "top_k": settings["topK"],
    }


def encode(tokenizer, text, limit, device):
    """The last `limit` tokens, with the attention mask."""
    encoded = tokenizer(text, return_tensors="pt")
    return {name: encoded[name][:, -limit:].to(device) for name in ("input_ids", "attention_mask")}


def generate(model, tokenizer, prompt, settings, on_partial):
    """Returns text, number of tokens and why it ended. `on_partial` gets the text so far, now and then."""
    context = context_length(model)
    new_tokens = min(settings["maxNewTokens"], context - 1)
    inputs = encode(tokenizer, prompt, context - new_tokens, model.device)
    length = inputs["input_ids"].shape[1]
    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
    outcome = {}

    def work():
        try:
            with torch.inference_mode():
                outcome["ids"] = model.generate(
                    **inputs,
                    max_new_tokens=new_tokens,
                    pad_token_id=tokenizer.pad_token_id,
                    streamer=streamer,
                    stopping_criteria=transformers.StoppingCriteriaList([EndOfConversation(tokenizer, length)]),
                    **generation_options(settings),
                )
        except BaseException as error:  # carried over to the thread that waits
            outcome["error"] = error
        finally:
            streamer.end()

    torch.manual_seed(settings["seed"])
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    text, written_at = "", time.monotonic()
    for piece in streamer:
        text += piece
        if piece and time.monotonic() - written_at >= PARTIAL_SECONDS:
            on_partial(without_end(text))
            written_at = time.monotonic()
    thread.join()
    if "error" in outcome:
        raise outcome["error"]
    ids = outcome["ids"][0][length:]
    raw = tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)
    text = tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    has_stopped = len(ids) < new_tokens or (len(ids) > 0 and ids[-1].item() == tokenizer.eos_token_id)
    return without_end(text), len(ids), "stop" if has_stopped or END_OF_CONVERSATION in raw else "length"


def free_memory():
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def answer_all(request, model_request, answers, fallbacks):
    key, path = model_request["key"], model_request["path"]
    answers.progress(f"Loading {key} from {path}")
    model = load_model(path, device_of_this_process())
    tokenizer = load_tokenizer(path, fallbacks)
    texts = []
    for index, prompt in enumerate(request["prompts"]):
        answers.progress(f"{key}: prompt {index + 1} of {len(request['prompts'])}")
        started = time.monotonic()

        def on_partial(text, index=index):
            answers.write(type="answer", promptIndex=index, model=key, text=text, isComplete=False)

        text, count, reason = generate(model, tokenizer, prompt, request["settings"], on_partial)
        answers.write(
            type="answer",
            promptIndex=index,
            model=key,
            text=text,
            isComplete=True,
            tokenCount=count,
            finishReason=reason,
            durationMs=round((time.monotonic() - started) * 1000),
        )
        texts.append(text)
    return texts


class RewardModel:
    """DeepSpeed-Chat's step 2: the bare transformer and one linear head without bias on its last hidden states."""

    def __init__(self, path, padding_at_beginning, fallbacks):
        self.padding_at_beginning = padding_at_beginning
        self.device = device_of_this_process()
        config = AutoConfig.from_pretrained(path)
        state = read_checkpoint(path)
        if state is None or "v_head.weight" not in state:
            raise ValueError(f"{path} holds no reward model: pytorch_model.bin with v_head.weight is missing")
        dtype = dtype_for(config, self.device)
        head = state.pop("v_head.weight")
        body = {strip_reward_prefix(key): value for key, value in state.items()}
        self.transformer = fill(AutoModel.from_config(config).to(dtype), body, path).to(self.device).eval()
        self.head = head.to(self.device, dtype)
        self.tokenizer = load_tokenizer(path, fallbacks)

    def score(self, prompt, answer):
        """The head's value at the last token before the padding. A tokenizer that begins every text with the padding
        token (OPT) has `padding_at_beginning` of them there which end nothing."""
        inputs = encode(self.tokenizer, prompt + answer + END_OF_CONVERSATION, context_length(self.transformer), self.device)
        ids = inputs["input_ids"][0]
        padding = (ids == self.tokenizer.pad_token_id).nonzero().flatten()
        skipped = self.padding_at_beginning
        end = padding[skipped].item() if len(padding) > skipped else len(ids)
        with torch.inference_mode():
            hidden = self.transformer(**inputs)[0][0]
            return torch.nn.functional.linear(hidden[max(end - 1, 0)], self.head).float().item()


def strip_reward_prefix(key):
    for prefix in REWARD_PREFIXES:
        if key.startswith(prefix):
            return key[len(prefix):]
    return key


def score_all(request, texts, answers, fallbacks):
    wanted = request["rewardModel"]
    answers.progress(f"Loading the reward model from {wanted['path']}")
    reward_model = RewardModel(wanted["path"], wanted["numPaddingAtBeginning"], fallbacks)
    for key, of_model in texts.items():
        for index, text in enumerate(of_model):
            score = reward_model.score(request["prompts"][index], text)
            if math.isfinite(score):
                answers.write(type="score", promptIndex=index, model=key, rewardScore=score)
            else:
                answers.progress(f"{key}: the score of prompt {index + 1} is {score}")


def attempt(answers, what, work):
    """Runs one part; its failure is told in the answers and in the log, and the other parts go on."""
    try:
        return work()
    except Exception as error:  # reported, and counted in the exit status
        traceback.print_exc()
        answers.progress(f"{what} failed: {type(error).__name__}: {error}")
        return None
    finally:
        free_memory()


def read_request(path):
    try:
        with open(path, encoding="utf-8") as file:
            request = json.load(file)
    except OSError as error:
        raise SystemExit(f"The request cannot be read: {error}")
    except ValueError as error:
        raise SystemExit(f"{path} is not JSON: {error}")
    version = request.get("version") if isinstance(request, dict) else None
    if version != 1:
        raise SystemExit(f"This program reads requests of version 1, not {version}.")
    return request


def load_libraries():
    """Into this module's names, and late: it takes seconds. An exception and no exit: its last line in the log is the
    reason that people are shown."""
    global torch, transformers, AutoConfig, AutoModel, AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer
    try:
        import torch
        import transformers
        from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the evaluation needs the Python package {error.name}, which {sys.executable} does not have; "
            "name a virtual environment that has it in the node's settings"
        ) from None


def main(request_path, answers_path):
    request = read_request(request_path)
    load_libraries()
    answers = Answers(answers_path)
    fallbacks = [each["path"] for each in request["models"] if each["key"] == "baseline"]
    texts = {}
    has_failed = False
    for model in request["models"]:
        of_model = attempt(answers, model["key"], lambda: answer_all(request, model, answers, fallbacks))
        if of_model is None:
            has_failed = True
        else:
            texts[model["key"]] = of_model
    if request["rewardModel"] is not None and texts:
        scored = attempt(answers, "Scoring", lambda: score_all(request, texts, answers, fallbacks) or True)
        has_failed = has_failed or scored is None
    answers.write(type="done")
    return 1 if has_failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: evaluate.py REQUEST ANSWERS")
    sys.exit(main(sys.argv[1], sys.argv[2]))
