import { CreateNodeInput, type NodeSettings, type NodeView, UpdateNodeInput } from "@/server/contracts/nodes";
import { formatEnv, parseEnv } from "../format/format-env";

/** What the form's controls hold: text, as typed. */
export interface NodeFormValues {
  name: string;
  host: string;
  port: string;
  username: string;
  method: "password" | "private_key";
  password: string;
  privateKey: string;
  passphrase: string;
  examplesDirectory: string;
  virtualEnvironment: string;
  workDirectory: string;
  evaluationProgram: string;
  pricePerGpuHour: string;
  env: string;
}

export const EMPTY_NODE_FORM: NodeFormValues = {
  name: "",
  host: "",
  port: "22",
  username: "",
  method: "password",
  password: "",
  privateKey: "",
  passphrase: "",
  examplesDirectory: "",
  virtualEnvironment: "",
  workDirectory: "",
  evaluationProgram: "",
  pricePerGpuHour: "",
  env: "",
};

export type Parsed<T> = { isOk: true; data: T } | { isOk: false; fields: Record<string, string> };

export function formOfNode(node: NodeView): NodeFormValues {
  const { settings } = node;
  return {
    ...EMPTY_NODE_FORM,
    name: node.name,
    host: node.host,
    port: String(node.port),
    username: node.username,
    method: node.authMethod,
    examplesDirectory: settings.examplesDirectory ?? "",
    virtualEnvironment: settings.virtualEnvironment ?? "",
    workDirectory: settings.workDirectory ?? "",
    evaluationProgram: settings.evaluationProgram ?? "",
    pricePerGpuHour: settings.pricePerGpuHour === null ? "" : String(settings.pricePerGpuHour),
    env: formatEnv(settings.env),
  };
}

export function parseNewNode(values: NodeFormValues): Parsed<CreateNodeInput> {
  return parse(CreateNodeInput, {
    name: values.name || values.host,
    host: values.host,
    port: values.port,
    username: values.username,
    credential: credentialOf(values),
    settings: settingsOf(values),
  });
}

/** Only what differs from the node. An empty password or key means: keep the stored one. */
export function parseNodeChanges(node: NodeView, values: NodeFormValues): Parsed<UpdateNodeInput> {
  const before = formOfNode(node);
  const isCredentialTyped = values.password !== "" || values.privateKey !== "";
  const changed = (key: "name" | "host" | "port" | "username") =>
    values[key] === before[key] ? {} : { [key]: values[key] };
  return parse(UpdateNodeInput, {
    ...changed("name"),
    ...changed("host"),
    ...changed("port"),
    ...changed("username"),
    ...(isCredentialTyped || needsCredential(node, values) ? { credential: credentialOf(values) } : {}),
    settings: settingsOf(values),
  });
}

/** A stored credential never travels to an address, or under a method, that nobody gave it for. */
export function needsCredential(node: NodeView, values: NodeFormValues): boolean {
  return isMoved(node, values) || values.method !== node.authMethod;
}

function isMoved(node: NodeView, values: NodeFormValues): boolean {
  return values.host.trim() !== node.host || Number(values.port) !== node.port;
}

function credentialOf(values: NodeFormValues): Record<string, string> {
  if (values.method === "password") return { method: "password", password: values.password };
  const key = { method: "private_key", privateKey: values.privateKey };
  return values.passphrase === "" ? key : { ...key, passphrase: values.passphrase };
}

function settingsOf(values: NodeFormValues): { [K in keyof NodeSettings]: unknown } {
  const orNull = (text: string) => (text.trim() === "" ? null : text);
  return {
    examplesDirectory: orNull(values.examplesDirectory),
    virtualEnvironment: orNull(values.virtualEnvironment),
    workDirectory: orNull(values.workDirectory),
    evaluationProgram: orNull(values.evaluationProgram),
    pricePerGpuHour: orNull(values.pricePerGpuHour) === null ? null : Number(values.pricePerGpuHour),
    env: parseEnv(values.env),
  };
}

interface Schema<T> {
  safeParse: (
    value: unknown,
  ) =>
    | { success: true; data: T }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

function parse<T>(schema: Schema<T>, value: unknown): Parsed<T> {
  const result = schema.safeParse(value);
  if (result.success) return { isOk: true, data: result.data };
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) {
    const path = issue.path.map(String).join(".");
    fields[path.startsWith("settings.env") ? "settings.env" : path] ??= issue.message;
  }
  return { isOk: false, fields };
}
