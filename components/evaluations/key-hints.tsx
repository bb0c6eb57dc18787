import { ANSWER_KEYS, type AnswerKey } from "./answer-keys-table";

/** One line below the answers; a phone has no keys. */
export function KeyHints({ hasScores }: { hasScores: boolean }) {
  return (
    <ul aria-label="Keys" className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-muted max-lg:hidden">
      {ANSWER_KEYS.filter(({ needsScores }) => hasScores || !needsScores).map((key) => (
        <li key={key.label}>
          <Keys keys={key.keys} /> {key.label === "this help" ? "help" : key.label}
        </li>
      ))}
    </ul>
  );
}

export function Keys({ keys }: Pick<AnswerKey, "keys">) {
  return keys.map((key) => (
    <kbd key={key} className="num mr-1 rounded-md border px-1.5 py-px text-[11px]">
      {key}
    </kbd>
  ));
}
