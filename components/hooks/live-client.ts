import type { Socket } from "socket.io-client";
import type {
  ChangeBatch,
  ClientToServerEvents,
  FileHint,
  LinkState,
  Room,
  ServerToClientEvents,
} from "@/server/contracts/sockets";
import { createTelemetryStore } from "./telemetry-store";

export interface LiveState {
  phase: "connecting" | "live" | "reconnecting";
  isWorkerConnected: boolean;
  isDatabaseAvailable: boolean;
}

type Listener<T> = (value: T) => void;
/** So long without a beat, or out of sight: what came meanwhile may be lost, and the socket may be dead. */
const SLEEP_MS = 20_000;
const BEAT_MS = 500;

/** Bytes arrive in a browser as an ArrayBuffer. */
function withBytes(hint: FileHint): FileHint {
  return hint.tail ? { ...hint, tail: { ...hint.tail, bytes: new Uint8Array(hint.tail.bytes) } } : hint;
}

/**
 * The one socket of this page: rooms with reference counts, joined again after every reconnect.
 * What was missed meanwhile is in Postgres, so `onRecover` tells everyone to read again.
 */
function createLiveClient() {
  const telemetry = createTelemetryStore();
  const rooms = new Map<Room, number>();
  const changed = new Set<Listener<ChangeBatch>>();
  const files = new Set<Listener<FileHint[]>>();
  const recovered = new Set<Listener<void>>();
  const stateListeners = new Set<() => void>();
  let state: LiveState = { phase: "connecting", isWorkerConnected: true, isDatabaseAvailable: true };
  let socket: Socket<ServerToClientEvents, ClientToServerEvents> | null = null;
  let isOpening = false;
  let clockOffsetMs: number | null = null;
  let hiddenSince: number | null = null;
  let beatAt = 0;

  function setState(next: Partial<LiveState>): void {
    state = { ...state, ...next };
    for (const listener of stateListeners) listener();
  }

  function setLink(link: LinkState): void {
    setState({ isWorkerConnected: link.isWorkerConnected, isDatabaseAvailable: link.isDatabaseAvailable });
  }

  function join(room: Room): void {
    socket?.emit("join", room, (reply) => {
      if (!reply.ok) return;
      setLink(reply.link);
      telemetry.ingest(reply.ticks);
    });
  }

  async function start(): Promise<void> {
    if (socket || isOpening) return;
    isOpening = true;
    // Never before the first paint: the page shows what Postgres knows, then becomes live.
    const { io } = await import("socket.io-client");
    const opened: Socket<ServerToClientEvents, ClientToServerEvents> = io({
      path: "/socket.io/",
      transports: ["websocket"],
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    socket = opened;
    let hasConnected = false;
    opened.on("connect", () => {
      // Whose clock was set meanwhile learns the difference anew.
      clockOffsetMs = null;
      setState({ phase: "live" });
      for (const room of rooms.keys()) join(room);
      if (hasConnected) recover();
      hasConnected = true;
    });
    opened.on("disconnect", () => setState({ phase: "reconnecting" }));
    opened.on("connect_error", () => setState({ phase: "reconnecting" }));
    opened.on("link", setLink);
    opened.on("changed", (batch) => {
      for (const listener of changed) listener(batch);
    });
    opened.on("files", ({ hints }) => {
      const read = hints.map(withBytes);
      for (const listener of files) listener(read);
    });
    opened.on("telemetry", ({ ticks, sentAt }) => {
      const offset = Date.now() - sentAt;
      clockOffsetMs = clockOffsetMs === null ? offset : Math.min(clockOffsetMs, offset);
      telemetry.ingest(ticks);
    });
    document.addEventListener("visibilitychange", onVisibility);
    window.addEventListener("online", wake);
    beatAt = Date.now();
    setInterval(beat, BEAT_MS);
  }

  function recover(): void {
    for (const listener of recovered) listener();
  }

  /**
   * A connection that outlived a sleep may be dead without knowing it for 40 s, and one that was lost is tried again only
   * every 5 s: a new one at once. Its rooms and everything that was read follow when it connects.
   */
  function wake(): void {
    socket?.disconnect().connect();
  }

  function onVisibility(): void {
    if (document.visibilityState === "hidden") {
      hiddenSince = Date.now();
      return;
    }
    const sleptMs = hiddenSince === null ? 0 : Date.now() - hiddenSince;
    hiddenSince = null;
    beatAt = Date.now();
    if (sleptMs >= SLEEP_MS) wake();
  }

  /** A machine that slept with the page in sight tells nobody but its clock. Hidden pages have slow timers anyway. */
  function beat(): void {
    const sleptMs = Date.now() - beatAt;
    beatAt = Date.now();
    if (sleptMs >= SLEEP_MS && document.visibilityState === "visible") wake();
  }

  function enter(room: Room): () => void {
    const count = rooms.get(room) ?? 0;
    rooms.set(room, count + 1);
    if (count === 0 && socket?.connected) join(room);
    return () => {
      const left = (rooms.get(room) ?? 1) - 1;
      if (left > 0) {
        rooms.set(room, left);
        return;
      }
      rooms.delete(room);
      if (socket?.connected) socket.emit("leave", room);
    };
  }

  return {
    telemetry,
    start,
    enter,
    state: (): LiveState => state,
    /** Now, on the server's clock, as well as the fastest message so far tells it. */
    now: (): number => Date.now() - (clockOffsetMs ?? 0),
    onState: (listener: () => void) => add(stateListeners, listener),
    onChanged: (listener: Listener<ChangeBatch>) => add(changed, listener),
    onFiles: (listener: Listener<FileHint[]>) => add(files, listener),
    onRecover: (listener: Listener<void>) => add(recovered, listener),
  };
}

function add<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}

export const live = createLiveClient();

/** How often to ask while no hint can come. */
export const BLIND_POLL_MS = 5000;

/** The socket is down, or the worker's end of the link is: changes arrive unannounced. */
export function isBlind(): boolean {
  const { phase, isWorkerConnected } = live.state();
  return phase !== "live" || !isWorkerConnected;
}
