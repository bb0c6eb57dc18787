import type { TokenLengths } from "../contracts/data-sets";

export const TOKEN_METHOD =
  "Approximate, without a tokenizer: four characters a token, one a token in Chinese, Japanese and Korean.";
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const BINS = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

/** About how many tokens a text has; see TOKEN_METHOD. */
export function approximateTokens(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0;
  return wide + Math.ceil((text.length - wide) / 4);
}

/** Lengths as they come; quantiles are exact. */
export class LengthCounter {
  private readonly counts = new Map<number, number>();
  private total = 0;

  add(tokens: number): void {
    this.counts.set(tokens, (this.counts.get(tokens) ?? 0) + 1);
    this.total += 1;
  }

  summary(): TokenLengths {
    const sorted = [...this.counts].sort(([a], [b]) => a - b);
    const quantile = (share: number): number => {
      let seen = 0;
      for (const [length, count] of sorted) {
        seen += count;
        if (seen >= share * this.total) return length;
      }
      return 0;
    };
    const countIn = (above: number, upTo: number) =>
      sorted.reduce((sum, [length, count]) => (length > above && length <= upTo ? sum + count : sum), 0);
    const bins = [...BINS, null].map((upTo, index) => ({
      upTo,
      count: countIn(index === 0 ? -1 : (BINS[index - 1] ?? 0), upTo ?? Number.POSITIVE_INFINITY),
    }));
    return { median: quantile(0.5), p95: quantile(0.95), max: quantile(1), bins };
  }
}
