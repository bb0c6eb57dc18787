import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { choosePort } from "./choose-port";
import { parseListeners, portHolder } from "./port-holder";

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41312 1 0000
   1: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 41999 1 0000
   2: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 40000 1 0000
`;

test("only sockets that listen on the port count", () => {
  expect(parseListeners(TABLE, 3000)).toEqual(["41312"]);
  expect(parseListeners(TABLE, 8080)).toEqual(["40000"]);
  expect(parseListeners(TABLE, 22)).toEqual([]);
});

test("a busy port is refused with who holds it and a free one to take instead", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const error = await choosePort("127.0.0.1", port).catch((problem: Error) => problem);
    expect(String(error)).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(String(error)).toMatch(/PORT=\d+ npm start/);
    expect(String(error)).not.toContain(`PORT=${port} `);
    if (process.platform === "linux") {
      expect(portHolder(port)).toContain(`process ${process.pid} (`);
      expect(String(error)).toContain(`by process ${process.pid} (`);
    }
  } finally {
    server.close();
  }
});

test("port 0 becomes a free one", async () => {
  expect(await choosePort("127.0.0.1", 0)).toBeGreaterThan(0);
});

test("an address that this machine has not is refused with the setting's name", async () => {
  await expect(choosePort("203.0.113.7", 0)).rejects.toThrow(/no address 203\.0\.113\.7.*HOST/);
});
