import type { Page } from "@playwright/test";

/** From an event's own time to the painted frame that shows what was waited for, in milliseconds. */
export interface Answered {
  inDomMs: number;
  paintedMs: number;
}

declare global {
  var benchAnswers: { answered: Answered[]; waiting: () => string[] };
}

/**
 * From now on every key pressed in a field waits until the card under `heading` shows the number that stands in the field.
 * A key that is overtaken by the next one waits until that one's value is shown.
 */
export async function timeAnswers(page: Page, heading: string): Promise<void> {
  await page.evaluate((heading) => {
    const answered: Answered[] = [];
    let waiting: { value: string; at: number }[] = [];
    globalThis.benchAnswers = { answered, waiting: () => waiting.map(({ value }) => value) };
    let pressedAt = 0;
    document.addEventListener("keydown", (event) => (pressedAt = event.timeStamp), true);
    document.addEventListener(
      "input",
      ({ target }) => {
        if (pressedAt === 0 || !(target instanceof HTMLInputElement)) return;
        waiting.push({ value: target.value, at: pressedAt });
        pressedAt = 0;
      },
      true,
    );
    const card = () =>
      [...document.querySelectorAll("section")].find((one) =>
        one.querySelector(":scope > header h2")?.textContent?.includes(heading),
      );
    // Words of neighbouring elements touch in textContent.
    const hasNumber = (text: string, number: string) =>
      new RegExp(`(?<![\\w.])${number.replaceAll(".", "\\.")}(?!\\d|\\.\\d)`).test(text);
    const painted = (keys: { at: number }[], inDomAt: number) => {
      const { port1, port2 } = new MessageChannel();
      // A message that is sent before a frame arrives after its paint.
      port1.onmessage = () => {
        const now = performance.now();
        for (const { at } of keys) answered.push({ inDomMs: inDomAt - at, paintedMs: now - at });
      };
      port2.postMessage(null);
    };
    new MutationObserver(() => {
      const text = card()?.textContent ?? "";
      const shown = waiting.findLastIndex(({ value }) => hasNumber(text, value));
      if (shown < 0) return;
      const keys = waiting.slice(0, shown + 1);
      waiting = waiting.slice(shown + 1);
      const now = performance.now();
      requestAnimationFrame(() => painted(keys, now));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, heading);
}

/** What was answered so far; `waiting`: the values that were not shown yet. */
export async function readAnswers(page: Page): Promise<{ answered: Answered[]; waiting: string[] }> {
  return page.evaluate(() => ({
    answered: globalThis.benchAnswers.answered,
    waiting: globalThis.benchAnswers.waiting(),
  }));
}

/** What any answer of the server costs: a small reply fetched, written into the page and painted. Milliseconds. */
export async function timeBareFetch(page: Page, path: string): Promise<number> {
  return page.evaluate(
    (path) =>
      new Promise<number>((resolve) => {
        const startedAt = performance.now();
        void fetch(path)
          .then((reply) => reply.text())
          .then((text) => {
            const place = document.querySelector("[data-bench]") ?? document.createElement("output");
            place.setAttribute("data-bench", "");
            place.setAttribute("style", "position:fixed;top:0;left:0");
            place.textContent = `${text.length} ${startedAt}`;
            document.body.append(place);
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => resolve(performance.now() - startedAt);
              port2.postMessage(null);
            });
          });
      }),
    path,
  );
}
