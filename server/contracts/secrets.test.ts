import { describe, expect, it } from "vitest";
import { HIDDEN_VALUE, hideSecrets, isSecretName, restoreSecrets } from "./secrets";

describe("a variable's name", () => {
  it.each([
    "HF_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
    "WANDB_API_KEY",
    "OPENAI_APIKEY",
    "AWS_SECRET_ACCESS_KEY",
    "CLIENT_SECRET",
    "DB_PASSWORD",
    "hf_token",
    "KEY",
  ])("%s says that its value is secret", (name) => expect(isSecretName(name)).toBe(true));

  it.each(["TOKENIZERS_PARALLELISM", "HF_HOME", "NCCL_DEBUG", "KEYBOARD", "MONKEY", "AUTHOR", "OLDPWD"])(
    "%s does not",
    (name) => expect(isSecretName(name)).toBe(false),
  );
});

describe("hidden values", () => {
  it("come back from what is stored, and are named where nothing is", () => {
    const stored = { HF_TOKEN: "hf_1", HF_HOME: "/data" };
    expect(hideSecrets(stored)).toEqual({ HF_TOKEN: HIDDEN_VALUE, HF_HOME: "/data" });
    const sent = {
      HF_TOKEN: HIDDEN_VALUE,
      WANDB_API_KEY: HIDDEN_VALUE,
      OTHER_TOKEN: "new",
      NOTE: HIDDEN_VALUE,
    };
    expect(restoreSecrets(sent, stored)).toEqual({
      env: { HF_TOKEN: "hf_1", WANDB_API_KEY: HIDDEN_VALUE, OTHER_TOKEN: "new", NOTE: HIDDEN_VALUE },
      missing: ["WANDB_API_KEY"],
    });
  });

  it("take nothing from an object's prototype", () => {
    expect(restoreSecrets({ __proto___TOKEN: HIDDEN_VALUE }, {}).missing).toEqual(["__proto___TOKEN"]);
  });
});
