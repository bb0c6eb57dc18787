import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { cleanRequest, otherLoopbackName } from "./clean-request";
import { applySecurityHeaders } from "./security-headers";

function exchange(headers: Record<string, string>, url = "/runs") {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method: "GET", url });
  Object.assign(request.headers, headers);
  return { request, response: new ServerResponse(request) };
}
const PRODUCTION = { origin: "http://127.0.0.1:3000", isDevelopment: false };

it("gives each response its own nonce, and Next the same one", () => {
  const [one, two] = [exchange({}), exchange({})];
  for (const { request, response } of [one, two]) applySecurityHeaders(request, response, PRODUCTION);
  const policy = String(one.response.getHeader("content-security-policy"));
  expect(policy).toContain(`'nonce-${one.request.headers["x-nonce"]}'`);
  expect(one.request.headers["content-security-policy"]).toBe(policy);
  expect(policy).not.toBe(two.response.getHeader("content-security-policy"));
  const scripts = policy.split("; ").find((part) => part.startsWith("script-src"));
  expect(scripts).not.toMatch(/unsafe-(?:inline|eval)/);
  expect(policy).toContain("frame-ancestors 'none'");
});

it("allows eval only where modules are rebuilt in place", () => {
  const { request, response } = exchange({});
  applySecurityHeaders(request, response, { ...PRODUCTION, isDevelopment: true });
  expect(response.getHeader("content-security-policy")).toContain("'unsafe-eval'");
});

it("asks browsers to stay on https where it is used", () => {
  const { request, response } = exchange({});
  applySecurityHeaders(request, response, { origin: "https://trainyard.example", isDevelopment: false });
  expect(response.getHeader("strict-transport-security")).toBeDefined();
});

it("drops headers that pretend to come from the framework or from us", () => {
  const { request } = exchange({
    "x-middleware-subrequest": "middleware",
    "x-forwarded-for": "10.0.0.1",
    "x-trainyard-client-address": "10.0.0.1",
    "x-trainyard-asked-path": "/elsewhere",
    "x-nonce": "chosen",
    "content-security-policy": "script-src *",
    cookie: "a=b",
  });
  cleanRequest(request);
  expect(request.headers).toEqual({
    cookie: "a=b",
    "x-trainyard-client-address": "unknown",
    "x-trainyard-asked-path": "/runs",
  });
});

it.each([
  ["localhost:3000", "http://127.0.0.1:3000/runs"],
  ["[::1]:3000", "http://127.0.0.1:3000/runs"],
  ["127.0.0.1:3000", null],
  ["localhost:8080", null],
  ["evil.example:3000", null],
])("a page opened as %s goes to %s", (host, expected) => {
  const { request } = exchange({ host, "sec-fetch-dest": "document" });
  expect(otherLoopbackName(request, "http://127.0.0.1:3000")).toBe(expected);
});
