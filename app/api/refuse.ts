import type { RequestActor } from "@/server/container";
import type { Actor } from "@/server/context";
import type { Role } from "@/server/contracts/session";
import { AppError } from "@/server/errors";

const RANK = { viewer: 1, operator: 2, admin: 3, system: 4 } as const satisfies Record<Actor["role"], number>;

/** @throws AppError UNAUTHENTICATED, PRECONDITION (one-time password still in use), FORBIDDEN */
export function refuseTooLittle(needed: Role, found: RequestActor | null): asserts found is RequestActor {
  if (found === null) throw new AppError("UNAUTHENTICATED", "Sign in, or send a valid API token.");
  if (found.mustChangePassword) {
    throw new AppError("PRECONDITION", "Choose a new password first.", {
      hint: "The one-time password is for the first sign-in only.",
    });
  }
  if (RANK[found.actor.role] < RANK[needed]) {
    throw new AppError(
      "FORBIDDEN",
      `This needs the role ${needed}; ${found.actor.name} has ${found.actor.role}.`,
    );
  }
}

/** Another site's page must not act with our cookie. @throws AppError FORBIDDEN */
export function refuseOtherOrigins(request: Request, origin: string): void {
  const site = request.headers.get("sec-fetch-site");
  const isSameSite = site === null || site === "same-origin";
  if (isSameSite && request.headers.get("origin") === origin) return;
  throw new AppError("FORBIDDEN", "The request does not come from this dashboard's own pages.", {
    hint: `Open the dashboard under ${origin}, or set TRAINYARD_ORIGIN to the address that you use.`,
  });
}
