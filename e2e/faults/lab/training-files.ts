import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { encodeEventFile, type WrittenScalar } from "../../../server/testing/event-file-writer";
import type { Random } from "./random";

export const TAG_COUNT = 20;

/** `count` records over 20 tags, as an event file and as what has to be found in it. */
export function makeScalars(count: number, random: Random): { scalars: WrittenScalar[]; file: Buffer } {
  const scalars = Array.from({ length: count }, (_, n) => ({
    tag: `storm/series-${n % TAG_COUNT}`,
    value: Math.fround(random.int(-1_000_000, 1_000_000) / 997),
    step: Math.floor(n / TAG_COUNT),
    wallTime: 1_700_000_000 + n,
  }));
  return { scalars, file: encodeEventFile(scalars) };
}

/** A log and an event file that grow as a training's do: in pieces of any length, torn at any byte. */
export class TrainingFiles {
  /** Where the bytes of each generation of the log are now, the oldest first. */
  readonly generations: string[];
  private readonly log: string;
  private readonly events: { path: string; bytes: Buffer };
  private readonly random: Random;
  private pending = Buffer.alloc(0);
  private eventsWritten = 0;
  private step = 0;
  private isPaused = false;
  private isStopped = false;
  private done: Promise<void> = Promise.resolve();

  constructor(log: string, events: { path: string; bytes: Buffer }, random: Random) {
    this.log = log;
    this.generations = [log];
    this.events = events;
    this.random = random;
    mkdirSync(dirname(events.path), { recursive: true });
  }

  /** @param eventBytesPerPiece at most */
  start(eventBytesPerPiece: number): void {
    this.done = this.keepWriting(eventBytesPerPiece);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  /** Writes what is left of the event file, and ends. */
  async finish(): Promise<void> {
    this.isStopped = true;
    await this.done;
    this.writeEvents(this.events.bytes.length);
  }

  /** Size of the newest generation. */
  size(): number {
    return statSync(this.log).size;
  }

  /** The file is moved aside and another one begins, as logrotate's `create` does. Nothing has to be read before. */
  rotate(): void {
    this.keep((aside) => renameSync(this.log, aside));
    this.write(this.log, this.nextBytes());
  }

  /** Emptied in place: what had not been read is gone for everybody. */
  truncate(): void {
    this.keep((aside) => copyFileSync(this.log, aside));
    writeFileSync(this.log, this.nextBytes());
  }

  /** Other bytes of the same length, in place. */
  rewrite(): void {
    const size = this.size();
    this.keep((aside) => copyFileSync(this.log, aside));
    writeFileSync(this.log, this.random.bytes(size));
  }

  written(generation: number): Buffer {
    return readFileSync(this.generations[generation] ?? this.log);
  }

  private keep(put: (aside: string) => void): void {
    const aside = `${this.log}.${this.generations.length}`;
    put(aside);
    this.generations.splice(-1, 1, aside, this.log);
  }

  private async keepWriting(eventBytesPerPiece: number): Promise<void> {
    while (!this.isStopped) {
      await delay(this.random.int(2, 30));
      if (this.isPaused) continue;
      this.write(this.log, this.nextBytes());
      this.writeEvents(this.random.int(1, eventBytesPerPiece));
    }
  }

  private write(path: string, bytes: Buffer): void {
    appendFileSync(path, bytes);
  }

  private writeEvents(length: number): void {
    const { path, bytes } = this.events;
    const end = Math.min(bytes.length, this.eventsWritten + length);
    appendFileSync(path, bytes.subarray(this.eventsWritten, end));
    this.eventsWritten = end;
  }

  /** Lines mostly, and now and then bytes that are no text; cut anywhere. */
  private nextBytes(): Buffer {
    const length = this.random.int(1, 16_384);
    while (this.pending.length < length) this.pending = Buffer.concat([this.pending, this.nextText()]);
    const bytes = this.pending.subarray(0, length);
    this.pending = this.pending.subarray(length);
    return bytes;
  }

  private nextText(): Buffer {
    this.step += 1;
    if (this.random.chance(0.05)) return this.random.bytes(this.random.int(1, 3_000));
    return Buffer.from(
      `step ${this.step}: loss ${this.random.int(1, 1_000_000) / 1e6} ü ${"x".repeat(this.random.int(0, 300))}\n`,
    );
  }
}
