import { expect, test } from "vitest";
import { sshCommand } from "./ssh-command";

test.each([
  [{ username: "ada", host: "10.0.0.4", port: 22 }, "ssh ada@10.0.0.4"],
  [{ username: "ada", host: "fe80::1%eth0", port: 2222 }, "ssh -p 2222 ada@fe80::1%eth0"],
  [{ username: "CORP\\ada$", host: "dgx", port: 22 }, "ssh 'CORP\\ada$@dgx'"],
])("%j", (node, command) => expect(sshCommand(node)).toBe(command));
