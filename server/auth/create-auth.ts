import { type BetterAuthOptions, betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "../contracts/session";
import type { Database } from "../db";
import type { Logger } from "../log";

/** Set by our own http server on every request from the socket's address, whatever the client sent. */
export const CLIENT_ADDRESS_HEADER = "x-trainyard-client-address";
const SESSION_SECONDS = 7 * 24 * 3600;
/** Sign-in attempts of one address in SIGN_IN_WINDOW_SECONDS, counted in Postgres for all web processes together. */
export const SIGN_IN_LIMIT = 10;
const SIGN_IN_WINDOW_SECONDS = 60;

export interface AuthSettings {
  db: Database;
  origin: string;
  secret: string;
  log: Logger;
}

function options({ db, origin, secret, log }: AuthSettings) {
  const isSecure = origin.startsWith("https://");
  return {
    appName: "Trainyard",
    baseURL: origin,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [origin],
    database: prismaAdapter(db.prisma, { provider: "postgresql", transaction: true }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN_LENGTH,
      maxPasswordLength: PASSWORD_MAX_LENGTH,
    },
    user: {
      additionalFields: {
        role: { type: "string", input: false, defaultValue: "viewer" },
        mustChangePassword: { type: "boolean", input: false, defaultValue: false },
      },
    },
    // Read from Postgres on every request, so that a revoked session ends at once; ends after a week whatever happens.
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 300,
      customRules: {
        "/sign-in/email": { window: SIGN_IN_WINDOW_SECONDS, max: SIGN_IN_LIMIT },
        "/change-password": { window: 60, max: 10 },
      },
    },
    advanced: {
      // The library's own prefix would be __Secure-; __Host- also binds the cookie to this host and path.
      useSecureCookies: false,
      cookies: {
        session_token: {
          name: isSecure ? "__Host-trainyard-session" : "trainyard-session",
          attributes: { secure: isSecure, httpOnly: true, sameSite: "lax", path: "/" },
        },
      },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
    },
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message, ...details) => log[level]({ details: details.length }, `auth: ${message}`),
    },
  } satisfies BetterAuthOptions;
}

/** Accounts and sessions: e-mail and password only, no open sign-up, sessions in Postgres. */
export function createAuth(settings: AuthSettings) {
  return betterAuth(options(settings));
}
export type Auth = ReturnType<typeof createAuth>;
