import { describe, expect, it } from "vitest";
import type { PreparationJob } from "@/server/contracts/preparation";
import { preparationOffers } from "./preparation-offers";

const JOB: PreparationJob = {
  id: "j",
  action: "prepare",
  status: "queued",
  isCancelRequested: false,
  requestedBy: "ann",
  requestedAt: "2026-01-01T00:00:00.000Z",
  startedAt: null,
  endedAt: null,
  reason: null,
  steps: [],
  logSize: 0,
};
const ENDED: PreparationJob = { ...JOB, status: "succeeded" };

describe("what the preparation card offers", () => {
  it.each([JOB, ENDED, null])("is nothing to whoever the API would refuse", (job) => {
    expect(preparationOffers(job, { isAdmin: false, isOnline: true })).toMatchObject({
      canPrepare: false,
      canCancel: false,
      canUninstall: false,
    });
  });

  it("is one job at a time to an administrator", () => {
    const admin = { isAdmin: true, isOnline: true };
    expect(preparationOffers(null, admin)).toMatchObject({ canPrepare: true, canUninstall: false });
    expect(preparationOffers(ENDED, admin)).toMatchObject({ canPrepare: true, canUninstall: true });
    expect(preparationOffers(JOB, admin)).toMatchObject({ canPrepare: false, canCancel: true });
  });

  it("says what a job waits for while the node is away", () => {
    const away = { isAdmin: true, isOnline: false };
    expect(preparationOffers(JOB, away).note).toContain("It starts when");
    const { note } = preparationOffers({ ...JOB, isCancelRequested: true }, away);
    expect(note).toContain("The cancel waits until the node is connected");
    expect(note).not.toContain("It starts when");
    expect(preparationOffers(JOB, { ...away, isOnline: true }).note).toBeNull();
    expect(preparationOffers(ENDED, away).note).toBeNull();
  });
});
