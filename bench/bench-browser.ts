import { type Browser, chromium } from "@playwright/test";

/** As the browser tests start it. `CHROMIUM_PATH` comes from `npm run bench`. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Why no browser can be measured here; null when it can. */
export const browserUnavailable: string | null = process.env.CHROMIUM_PATH
  ? null
  : (process.env.TRAINYARD_BENCH_NO_CHROMIUM ?? "no Chromium");
