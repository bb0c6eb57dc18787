// 200 pages in a process of their own, for row 8: counts what arrives and tells the row when it is asked.
import { io } from "socket.io-client";

const [origin, count] = [process.argv[2], Number(process.argv[3])];
let connected = 0;
let readings = 0;
let messages = 0;
/** By client: which state messages it has seen. */
const states = Array.from({ length: count }, () => new Set());

for (let i = 0; i < count; i += 1) {
  const socket = io(origin, { path: "/socket.io/", transports: ["websocket"], forceNew: true });
  socket.on("connect", () => {
    connected += 1;
    if (connected === count) process.send("ready");
  });
  socket.on("telemetry", ({ ticks }) => {
    messages += 1;
    readings += ticks.length;
  });
  socket.on("changed", ({ runs }) => {
    for (const id of runs) states[i].add(id);
  });
}

process.on("message", (message) => {
  if (message === "count")
    process.send({ readings, messages, fewestStates: Math.min(...states.map((seen) => seen.size)) });
});
process.on("disconnect", () => process.exit(0));
