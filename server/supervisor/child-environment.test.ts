import { expect, test } from "vitest";
import { readEnv } from "../env";
import { childEnvironment } from "./child-environment";

const SOURCE = {
  NODE_ENV: "production",
  PATH: "/usr/bin",
  HOME: "/home/me",
  HOST: "127.0.0.1",
  AUTH_SECRET: "a-secret-of-the-web-that-is-long-enough",
  DATABASE_URL: "postgresql://owner:owners-word@127.0.0.1/trainyard",
  TRAINYARD_WEB_DATABASE_URL: "postgresql://web:webs-word@127.0.0.1/trainyard",
  TRAINYARD_WORKER_DATABASE_URL: "postgresql://worker:workers-word@127.0.0.1/trainyard",
  TRAINYARD_KEY_FILE: "/run/secrets/ring.json",
  AWS_SECRET_ACCESS_KEY: "somebody-elses",
  HF_TOKEN: "hf_mine",
} as const;
const place = {
  env: readEnv(SOURCE),
  port: 3001,
  urls: { web: SOURCE.TRAINYARD_WEB_DATABASE_URL, worker: SOURCE.TRAINYARD_WORKER_DATABASE_URL },
};

test("the web gets its own settings, and nothing of the owner's, the worker's or the terminal's", () => {
  expect(childEnvironment("web", place, SOURCE)).toEqual({
    NODE_ENV: "production",
    PATH: "/usr/bin",
    HOME: "/home/me",
    HOST: "127.0.0.1",
    PORT: "3001",
    AUTH_SECRET: SOURCE.AUTH_SECRET,
    DATABASE_URL: SOURCE.TRAINYARD_WEB_DATABASE_URL,
    TRAINYARD_DATA_DIR: place.env.dataDirectory,
    NEXT_TELEMETRY_DISABLED: "1",
  });
});

test("the worker gets its own address of the database and the key ring's place", () => {
  expect(childEnvironment("worker", place, SOURCE)).toMatchObject({
    DATABASE_URL: SOURCE.TRAINYARD_WORKER_DATABASE_URL,
    TRAINYARD_KEY_FILE: SOURCE.TRAINYARD_KEY_FILE,
  });
  expect(childEnvironment("worker", place, SOURCE)).not.toHaveProperty("HF_TOKEN");
});

test("the practice node gets no database", () => {
  expect(childEnvironment("practice", place, SOURCE)).not.toHaveProperty("DATABASE_URL");
});
