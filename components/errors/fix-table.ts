import type { ErrorFix } from "@/components/hooks/api-error";

/** What the page offers for each way to fail. `null`: nothing to press, the message says it all. */
export const FIX_LABEL = {
  "correct-field": null,
  "sign-in": "Sign in",
  none: null,
  reload: "Reload",
  wait: "Try again",
  "check-address": "Try again",
  "confirm-host-key": "Check the host key",
  "compare-host-keys": "Compare host keys",
  "edit-credential": "Change the credential",
  "show-output": "Try again",
  retry: "Try again",
  report: "Try again",
} as const satisfies Record<ErrorFix, string | null>;
