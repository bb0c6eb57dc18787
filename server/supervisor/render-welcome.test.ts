import { expect, test } from "vitest";
import { renderWelcome } from "./render-welcome";

const running = {
  origin: "http://127.0.0.1:3000",
  databaseUrl: "postgresql://trainyard:secret@127.0.0.1:5432/trainyard",
  dataDirectory: "/srv/trainyard",
  isEmbedded: true,
  firstAdmin: { email: "admin@example.org", password: "aaaaa-bbbbb" },
};

test("the first start says where, how to get in, where the data is and how to stop", () => {
  const text = renderWelcome(running, { isColoured: false });
  for (const part of [
    "http://127.0.0.1:3000",
    "admin@example.org",
    "aaaaa-bbbbb",
    "/srv/trainyard",
    "Ctrl-C",
  ])
    expect(text).toContain(part);
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain("secret");
});

test("a later start shows no account", () => {
  expect(renderWelcome({ ...running, firstAdmin: null }, { isColoured: false })).not.toContain("Sign in");
});

test("a database elsewhere is mentioned", () => {
  expect(renderWelcome({ ...running, isEmbedded: false }, { isColoured: true })).toContain("DATABASE_URL");
});
