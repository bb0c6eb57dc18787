import { AppError } from "../../errors";

/**
 * Rejects with TIMEOUT when `work` is not done in time. `onLate` gets a result that comes after that.
 * ssh2's own calls have no deadline: on a half-open link they wait for ever.
 */
export function withDeadline<T>(
  work: Promise<T>,
  timeoutMs: number,
  what: string,
  onLate?: (result: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new AppError("TIMEOUT", `${what} within ${Math.round(timeoutMs / 100) / 10} s.`));
    }, timeoutMs);
    work.then(
      (result) => {
        clearTimeout(timer);
        if (isLate) onLate?.(result);
        else resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
