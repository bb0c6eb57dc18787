import type { Page } from "@playwright/test";

/** A text that stood on screen, and when its frame had been painted. Unix milliseconds. */
export interface Seen {
  text: string;
  at: number;
}
declare global {
  var benchSeen: Record<string, Seen[]>;
}

/** Notes every text that an element takes from now on; `pattern`'s first group is the text. Outlives its remounting. */
export async function watchText(
  page: Page,
  { selector, pattern }: { selector: string; pattern: RegExp },
): Promise<() => Promise<Seen[]>> {
  await page.waitForSelector(selector);
  await page.evaluate(
    ({ selector, source }) => {
      const seen: Seen[] = [];
      globalThis.benchSeen = { ...globalThis.benchSeen, [selector]: seen };
      const read = () =>
        new RegExp(source).exec(document.querySelector(selector)?.textContent ?? "")?.[1] ?? "";
      let last = read();
      const painted = (text: string) => {
        const { port1, port2 } = new MessageChannel();
        // A message that is sent before a frame arrives after its paint.
        port1.onmessage = () => seen.push({ text, at: Date.now() });
        port2.postMessage(null);
      };
      new MutationObserver(() => {
        const text = read();
        if (text === last) return;
        last = text;
        requestAnimationFrame(() => painted(text));
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    },
    { selector, source: pattern.source },
  );
  return () => page.evaluate((key) => globalThis.benchSeen[key] ?? [], selector);
}
