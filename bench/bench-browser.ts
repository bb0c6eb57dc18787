import { type Browser, chromium } from "@playwright/test";
import { CHROMIUM_OPTIONS } from "../e2e/fixtures/chromium-options";

/** As the browser tests start it. `CHROMIUM_PATH` comes from `npm run bench`. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(CHROMIUM_OPTIONS);
}

/** Why no browser can be measured here; null when it can. */
export const browserUnavailable: string | null = process.env.CHROMIUM_PATH
  ? null
  : (process.env.TRAINYARD_BENCH_NO_CHROMIUM ?? "no Chromium");
