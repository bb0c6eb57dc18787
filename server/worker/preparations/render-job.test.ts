import { describe, expect, it } from "vitest";
import { PreparationSettings } from "../../contracts/preparation";
import { type JobPlan, preparedPaths, renderJob, starText } from "./render-job";

const HOME = "/home/ada";

function envOf(changes: Partial<PreparationSettings>, plan: Partial<JobPlan> = {}): Record<string, string> {
  const settings = PreparationSettings.parse(changes);
  const paths = preparedPaths(settings, { workDirectory: `${HOME}/.trainyard`, homeDirectory: HOME });
  return renderJob({
    action: "prepare",
    directory: "/job",
    settings,
    nodeEnv: {},
    secrets: new Map([["indexPassword", "in/dex"]]),
    paths,
    homeDirectory: HOME,
    archive: null,
    ...plan,
  }).env;
}

describe("the variables of a job", () => {
  it.each([
    ["https://mirror.example.org/extra", "https://u:in%2Fdex@mirror.example.org/extra"],
    ["http://mirror.example.org/extra", "http://mirror.example.org/extra"],
    ["https://mirror.example.org:8443/extra", "https://mirror.example.org:8443/extra"],
  ])("send the login of the index to %s only as its origin", (extraIndexUrl, expected) => {
    const env = envOf({ indexUrl: "https://mirror.example.org/simple", indexUsername: "u", extraIndexUrl });
    expect(env.PIP_EXTRA_INDEX_URL).toBe(expected);
  });

  it("begin with the node's own, which give way to what is prepared", () => {
    const nodeEnv = { CUDA_HOME: "/opt/cuda", HF_HOME: "/mine", HTTPS_PROXY: "http://proxy:1" };
    const env = envOf({}, { nodeEnv });
    expect(env).toMatchObject({ CUDA_HOME: "/opt/cuda", HTTPS_PROXY: "http://proxy:1" });
    expect(env.HF_HOME).toBe(`${HOME}/.trainyard/env/huggingface`);
  });

  it("know the home directory by ~ alone too", () => {
    expect(envOf({ hubDirectory: "~" }).HF_HOME).toBe(HOME);
    expect(envOf({ hubDirectory: "~/hub" }).HF_HOME).toBe(`${HOME}/hub`);
  });
});

describe("starText", () => {
  it("stars a secret as it is and as it stands in an address", () => {
    const secrets = new Map([["indexPassword", "in/dex"]] as const);
    expect(starText("no in/dex at https://u:in%2Fdex@host", secrets)).toBe(
      "no ****** at https://u:********@host",
    );
  });
});
