import { describe, expect, it } from "vitest";
import { NodeSettings } from "../../contracts/nodes";
import { withoutPreparation, withPreparation } from "./node-settings";

const OWN = NodeSettings.parse({
  virtualEnvironment: "~/mine",
  env: { HF_HOME: "/mine", HF_ENDPOINT: "https://hub.example.org", TOKEN: "t" },
});
const part = (env: Record<string, string>, root = "/a") => ({
  virtualEnvironment: `${root}/venv`,
  examplesDirectory: `${root}/examples`,
  env,
});
const OFFLINE = part({ HF_HOME: "/a/hub", HF_HUB_OFFLINE: "1" });

describe("the settings of a prepared node", () => {
  it("are its own again without the preparation, and remember only what was replaced", () => {
    const { settings, replaced } = withPreparation(OWN, OFFLINE);
    expect(settings.env).toEqual({ ...OWN.env, ...OFFLINE.env });
    expect(replaced.env).toEqual({ HF_HOME: "/mine" });
    expect(withoutPreparation(settings, { applied: OFFLINE, replaced })).toEqual(OWN);
  });

  it("lose what an earlier preparation set and this one does not, and nothing else", () => {
    const first = withPreparation(OWN, OFFLINE);
    const own = withoutPreparation(first.settings, { applied: OFFLINE, replaced: first.replaced });
    const { settings } = withPreparation(own, part({ HF_HOME: "/b/hub" }, "/b"));
    expect(settings.env).toEqual({ ...OWN.env, HF_HOME: "/b/hub" });
    expect(settings.virtualEnvironment).toBe("/b/venv");
  });

  it("keep what somebody set otherwise since", () => {
    const { settings, replaced } = withPreparation(OWN, OFFLINE);
    const changed = { ...settings, virtualEnvironment: "/new", env: { ...settings.env, HF_HOME: "/new" } };
    const own = withoutPreparation(changed, { applied: OFFLINE, replaced });
    expect(own.virtualEnvironment).toBe("/new");
    expect(own.examplesDirectory).toBe(OWN.examplesDirectory);
    expect(own.env).toEqual({ ...OWN.env, HF_HOME: "/new" });
  });
});
