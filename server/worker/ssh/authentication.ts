import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from "ssh2";
import ssh2 from "ssh2";
import { AppError, validationError } from "../../errors";
import type { SecretCredential } from "./credential";

/** What became of a login, for the message: what the server offers, and which of it we tried. */
export interface LoginRecord {
  offered: readonly string[];
  tried: AuthenticationType | null;
  needsSecondFactor: boolean;
}

export interface Login {
  authHandler: AuthHandlerMiddleware;
  record: LoginRecord;
}

/**
 * One attempt with one credential a connection: "none" first, which costs nothing and lists what is offered, then the one
 * method that fits. Servers that offer no plain "password" but "keyboard-interactive" get the password as the answer to a
 * single hidden prompt, and nothing else.
 */
export function prepareLogin(username: string, credential: SecretCredential): Login {
  const record: LoginRecord = { offered: [], tried: null, needsSecondFactor: false };
  let hasAsked = false;
  const authHandler = (
    methodsLeft: AuthenticationType[] | null,
    partialSuccess: boolean | null,
  ): AnyAuthMethod | false => {
    if (!hasAsked) {
      hasAsked = true;
      return { type: "none", username };
    }
    if (record.tried !== null) {
      record.needsSecondFactor = partialSuccess === true;
      return false;
    }
    record.offered = methodsLeft ?? [];
    const method = chooseMethod(username, credential, record.offered);
    record.tried = method === false ? null : method.type;
    return method;
  };
  // Safe because ssh2 documents both the callback and the returned value; its types know the callback only.
  return { authHandler: authHandler as unknown as AuthHandlerMiddleware, record };
}

function chooseMethod(
  username: string,
  credential: SecretCredential,
  offered: readonly string[],
): AnyAuthMethod | false {
  if (credential.method === "private_key") {
    if (!offered.includes("publickey")) return false;
    const passphrase = credential.passphrase ?? undefined;
    return { type: "publickey", username, key: credential.privateKey, ...(passphrase && { passphrase }) };
  }
  const { password } = credential;
  // Safe because ssh2 sends a Buffer as it is; its types know strings only.
  if (offered.includes("password"))
    return { type: "password", username, password: password as unknown as string };
  if (!offered.includes("keyboard-interactive")) return false;
  let isAnswered = false;
  return {
    type: "keyboard-interactive",
    username,
    prompt: (_name: string, _instructions: string, _language: string, prompts: Prompt[], finish) => {
      const isPasswordPrompt = prompts.length === 1 && prompts[0]?.echo !== true && !isAnswered;
      isAnswered = true;
      finish(isPasswordPrompt ? [password.toString("utf8")] : []);
    },
  };
}

/**
 * Reads the key before anything is dialled, so that a wrong passphrase is told from a rejected key.
 * @throws AppError VALIDATION at credential.privateKey or credential.passphrase
 */
export function checkPrivateKey(credential: SecretCredential): void {
  if (credential.method !== "private_key") return;
  const parsed = ssh2.utils.parseKey(credential.privateKey, credential.passphrase ?? undefined);
  if (!(parsed instanceof Error)) {
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    if (key?.isPrivateKey()) return;
    throw keyProblem("credential.privateKey", "This is a public key. Paste the private one.");
  }
  const isEncrypted = /no passphrase given/i.test(parsed.message);
  if (isEncrypted)
    throw keyProblem("credential.passphrase", "This key is encrypted: enter its passphrase.", parsed);
  if (credential.passphrase !== null && isWrongPassphrase(parsed.message)) {
    throw keyProblem("credential.passphrase", "The passphrase does not open this key.", parsed);
  }
  const message = /unsupported/i.test(parsed.message)
    ? "This key format is not supported. Convert a copy with: ssh-keygen -p -f KEYFILE"
    : "This private key cannot be read. Paste the whole file, with its first and last line.";
  throw keyProblem("credential.privateKey", message, parsed);
}

function isWrongPassphrase(message: string): boolean {
  return /bad passphrase|bad decrypt|integrity check|wrong final block|unable to authenticate|malformed/i.test(
    message,
  );
}

function keyProblem(path: string, message: string, cause?: unknown): AppError {
  const { details } = validationError([{ path, message }]);
  return new AppError("VALIDATION", message, { cause, ...(details && { details }) });
}

/** @returns SSH_AUTH_REJECTED that says what was tried and what the server would take */
export function loginError(username: string, address: string, login: LoginRecord, cause: unknown): AppError {
  const { message, hint } = describeRejection(username, address, login);
  return new AppError("SSH_AUTH_REJECTED", message, { cause, hint });
}

function describeRejection(
  username: string,
  address: string,
  login: LoginRecord,
): { message: string; hint: string } {
  const offered = login.offered.join(", ") || "nothing";
  if (login.needsSecondFactor) {
    return {
      message: `${address} accepted the credential of ${username} and wants a second factor.`,
      hint: "Trainyard cannot answer one: give it a user that logs in with a password or a key alone.",
    };
  }
  if (login.tried === null) {
    return {
      message: `${address} does not take this kind of login for ${username}; it offers: ${offered}.`,
      hint: login.offered.includes("publickey") ? "Use a private key instead." : "Use a password instead.",
    };
  }
  if (login.tried === "publickey") {
    return {
      message: `${address} rejected the key of ${username}.`,
      hint: "Check the user name, and that the public half stands in ~/.ssh/authorized_keys on the node.",
    };
  }
  return {
    message: `${address} rejected the password of ${username}.`,
    hint: "Check the user name and the password; some nodes allow no password login for root.",
  };
}
