export { type ConnectOptions, type ConnectTarget, connectNode, type LiveConnection } from "./connect";
export { type SecretCredential, toSecret, wipeCredential } from "./credential";
export { fetchHostKey } from "./fetch-host-key";
export { quoteArgv } from "./quote";
export { nextReconnect } from "./reconnect-policy";
export { expectSuccess } from "./run-script";
export { Slots } from "./slots";
export type {
  ExecResult,
  NodeConnection,
  RemoteFileHandle,
  RemoteFiles,
  RemoteStat,
  RunScriptOptions,
  StreamScriptOptions,
} from "./types";
