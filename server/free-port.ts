import { type AddressInfo, createServer } from "node:net";

/** A port that nobody uses at the moment. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  return (await probePort(0, host)).port;
}

export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return probePort(port, host).then(
    () => true,
    () => false,
  );
}

/** Takes the port for a moment; 0 lets the system choose. @throws the error of listening */
export function probePort(port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      // Safe because a TCP server that listens has an AddressInfo.
      const address = server.address() as AddressInfo;
      server.close(() => resolve(address));
    });
  });
}
