// Many viewers of one run in a process of their own: how long a line of its log was on its way, and whether any was missed.
import { io } from "socket.io-client";

const [origin, room, ...tokens] = process.argv.slice(2);
const MOST_MS = 20_000;
/** Lines by their delay in milliseconds, of all viewers together. */
const byDelay = new Uint32Array(MOST_MS + 1);
/** `end`: how far any of them was told that the log goes. */
const seen = { lines: 0, gaps: 0, questions: 0, end: 0 };
let joined = 0;

for (const token of tokens) {
  const socket = io(origin, {
    path: "/socket.io/",
    transports: ["websocket"],
    forceNew: true,
    extraHeaders: { authorization: `Bearer ${token}` },
  });
  let end = null;
  socket.on("connect", () => {
    socket.emit("join", room, (reply) => {
      if (!reply.ok) throw new Error(reply.message);
      joined += 1;
      if (joined === tokens.length) process.send("ready");
    });
  });
  socket.on("files", ({ hints }) => {
    for (const { kind, offset, tail } of hints) {
      if (kind !== "log") continue;
      if (tail === null) seen.questions += 1;
      else read(tail, end);
      end = offset;
      seen.end = Math.max(seen.end, offset);
    }
  });
}

function read({ offset, bytes }, end) {
  if (end !== null && offset !== end) seen.gaps += 1;
  const now = Date.now();
  for (const [, at] of Buffer.from(bytes)
    .toString()
    .matchAll(/ at (\d+)\n/g)) {
    seen.lines += 1;
    byDelay[Math.min(MOST_MS, Math.max(0, now - Number(at)))] += 1;
  }
}

function percentile(share) {
  let left = seen.lines * share;
  return byDelay.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
}

process.on("message", () =>
  process.send({ ...seen, p50: percentile(0.5), p95: percentile(0.95), most: percentile(1) }),
);
process.on("disconnect", () => process.exit(0));
