import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { CHROMIUM_OPTIONS } from "../../fixtures/chromium-options";
import type { WebProcess } from "./web-process";

/** Why no browser can sleep here; null: one can. */
export const browserUnavailable: string | null = process.env.CHROMIUM_PATH ? null : "no Chromium";

/** A page in a browser of its own, whose clock is so far behind that it is right again when the page wakes. */
export interface SleepingTab {
  page: Page;
  /** Out of sight and frozen, as browsers do to tabs that nobody looks at. */
  freeze: () => Promise<void>;
  unfreeze: () => Promise<void>;
  /** Nothing of the page runs, and nobody tells it: the lid is closed with the page in sight. */
  closeLid: () => Promise<void>;
  openLid: () => Promise<void>;
  /** How often it loaded a document. */
  loads: () => number;
  close: () => Promise<void>;
}

declare global {
  interface Window {
    laboratoryClock: { behindMs: number };
  }
}

export async function openSleepingTab(
  web: WebProcess,
  { path, behindMs }: { path: string; behindMs: number },
): Promise<SleepingTab> {
  const browser = await chromium.launch(CHROMIUM_OPTIONS);
  try {
    const context = await browser.newContext({ baseURL: web.origin, viewport: { width: 1440, height: 900 } });
    const reply = await context.request.post("/api/auth/sign-in/email", {
      data: web.admin,
      headers: { origin: web.origin },
    });
    if (!reply.ok()) throw new Error(`could not sign in: ${reply.status()}`);
    const page = await context.newPage();
    await page.addInitScript(shiftClock, behindMs);
    let loads = 0;
    page.on("domcontentloaded", () => {
      loads += 1;
    });
    await page.goto(path);
    const own = await context.newCDPSession(page);
    return {
      ...(await sleepsOf(browser, page, own)),
      page,
      loads: () => loads,
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function sleepsOf(
  browser: Browser,
  page: Page,
  own: CDPSession,
): Promise<Pick<SleepingTab, "freeze" | "unfreeze" | "closeLid" | "openLid">> {
  const whole = await browser.newBrowserCDPSession();
  const setClock = () =>
    page.evaluate(() => {
      window.laboratoryClock.behindMs = 0;
    });
  let stopped: number[] = [];
  const closeLid = async () => {
    const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
    stopped = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
    for (const pid of stopped) process.kill(pid, "SIGSTOP");
  };
  const openLid = async () => {
    const isSet = setClock();
    for (const pid of stopped) process.kill(pid, "SIGCONT");
    await isSet;
  };
  return {
    closeLid,
    openLid,
    freeze: async () => {
      await own.send("Page.setWebLifecycleState", { state: "frozen" });
      // Chromium may let a frozen page run now and then; this one sleeps through.
      await closeLid();
    },
    unfreeze: async () => {
      await openLid();
      await own.send("Page.setWebLifecycleState", { state: "active" });
      await page.bringToFront();
    },
  };
}

/** Runs in the page, before its own scripts. */
function shiftClock(behindMs: number): void {
  const clock = { behindMs };
  const RealDate = Date;
  class ShiftedDate extends RealDate {
    constructor(...parts: unknown[]) {
      // Safe because it passes on what the real constructor was asked for.
      super(...((parts.length > 0 ? parts : [ShiftedDate.now()]) as [number]));
    }
    static override now(): number {
      return RealDate.now() - clock.behindMs;
    }
  }
  // Safe because nobody calls Date without new for what it returns.
  window.Date = ShiftedDate as unknown as DateConstructor;
  window.laboratoryClock = clock;
}
