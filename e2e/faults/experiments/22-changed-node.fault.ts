import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll } from "vitest";
import { run, waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { CHATTER, hasWholeLog, sayEnough, terminalEvents, writesOn } from "../lab/chatter";
import { type LiveNode, type StartedRun, startLiveNode } from "../lab/live-node";
import { keeps } from "../lab/promise";
import { sized } from "../lab/settings";

const NO_PASSWORDS = process.getuid?.() === 0 ? null : "a password can only be changed as root";
const AWAY_MS = sized({ short: 3_000, long: 120_000 });
const KILLS = sized({ short: 1, long: 10 });
const ofNode = {
  kind: "count",
  unavailable: sshdUnavailable,
  timeoutMs: sized({ short: 120_000, long: 600_000 }),
} as const;

/** One node for all of them: each leaves it as it found it. */
let started: Promise<LiveNode> | null = null;
const liveNode = () => {
  started ??= startLiveNode({ usesPassword: true });
  return started;
};
afterAll(async () => (await started)?.stop());

keeps(
  {
    ...ofNode,
    row: 22,
    promise: "password changed on the node during a run: logins tried with the old one; the run and its log",
    bar: "≤ 3; goes on, SHA-256 equal after the fix",
    unavailable: sshdUnavailable ?? NO_PASSWORDS,
  },
  async () => {
    const live = await liveNode();
    const { sshd, nodeId } = live.node;
    const chat = await live.start(CHATTER);
    const before = sshd.authAttempts();
    const password = randomBytes(12).toString("base64url");
    run("chpasswd", [], `${sshd.username}:${password}\n`);
    await sshd.killSessions();
    await live.untilStatus("auth_rejected");
    await waitUntil(() => sshd.authAttempts() >= before + 2, "the second try");
    // Whoever looks at the page wakes the node; that is no reason to try again.
    await live.link.request("wake", { nodeIds: [nodeId] });
    await delay(AWAY_MS);
    const tries = sshd.authAttempts() - before;
    const wasOpen = await goesOn(live, chat);
    const credential = { method: "password", password } as const;
    await live.link.request("nodes.storeCredential", { nodeId, credential });
    const { told, isWhole } = await finish(live, chat);
    return { figure: `${tries} in ${AWAY_MS / 1000} s; ${told}`, isKept: tries <= 3 && wasOpen && isWhole };
  },
);

keeps(
  {
    ...ofNode,
    row: 23,
    promise: "host key changed during a run: credentials sent to the changed key; the run and its log",
    bar: "0; goes on, SHA-256 equal after the new key is confirmed",
  },
  async () => {
    const live = await liveNode();
    const { sshd, nodeId } = live.node;
    const chat = await live.start(CHATTER);
    const before = sshd.authAttempts();
    const changed = await sshd.restartWithNewHostKey();
    await sshd.killSessions();
    await live.untilStatus("host_key_mismatch");
    await live.link.request("wake", { nodeIds: [nodeId] });
    await delay(AWAY_MS);
    const sent = sshd.authAttempts() - before;
    const wasOpen = await goesOn(live, chat);
    await live.pin(changed);
    await live.link.request("wake", { nodeIds: [nodeId] });
    const { told, isWhole } = await finish(live, chat);
    return { figure: `${sent} in ${AWAY_MS / 1000} s; ${told}`, isKept: sent === 0 && wasOpen && isWhole };
  },
);

keeps(
  {
    ...ofNode,
    row: 24,
    promise:
      "supervisor killed with -9: shown as running without supervision, then ended with an unknown status",
    bar: "each time, never as a success",
  },
  async () => {
    const live = await liveNode();
    const wrong: string[] = [];
    for (let n = 0; n < KILLS; n += 1) wrong.push(...(await killSupervisor(live)));
    return {
      figure: `kills: ${KILLS}${wrong.length > 0 ? `, but ${wrong.join("; ")}` : ""}`,
      isKept: wrong.length === 0,
    };
  },
);

/** Nobody told the run as ended while its node was out of reach, and it writes on. */
async function goesOn({ node }: LiveNode, chat: StartedRun): Promise<boolean> {
  const isOpen = (await node.attempt(chat.runId)).endedAt === null;
  await writesOn(chat);
  return isOpen;
}

async function finish(live: LiveNode, chat: StartedRun): Promise<{ told: string; isWhole: boolean }> {
  await live.untilStatus("online");
  sayEnough(chat);
  const { status } = await live.ends(chat.runId);
  const isEqual = await hasWholeLog(live.node, chat);
  const ends = await terminalEvents(live.node, chat);
  return {
    told: `went on and ${status}, log ${isEqual ? "equal" : "differs"}`,
    isWhole: status === "succeeded" && isEqual && ends === 1,
  };
}

/** What was not as promised. */
async function killSupervisor(live: LiveNode): Promise<string[]> {
  const { node } = live;
  const chat = await live.start(CHATTER);
  const id = readFileSync(join(chat.directory, "id"), "utf8");
  process.kill(Number(/ wpid=(\d+)/.exec(id)?.[1]), "SIGKILL");
  const isUnsupervised = async () => !(await node.attempt(chat.runId)).isSupervised;
  await waitUntil(isUnsupervised, "the run to be shown as unsupervised");
  const wrong: string[] = [];
  if ((await node.attempt(chat.runId)).status !== "running") wrong.push("not shown as running");
  await writesOn(chat);
  sayEnough(chat);
  const { status, exitStatus, exitWhy, reason } = await live.ends(chat.runId);
  if (status !== "interrupted" || exitStatus !== null || exitWhy !== "lost")
    wrong.push(`told as ${status} (${exitStatus}): ${reason}`);
  if (!(await hasWholeLog(node, chat))) wrong.push("its log is not whole");
  if ((await terminalEvents(node, chat)) !== 1) wrong.push("not one terminal event");
  return wrong;
}
