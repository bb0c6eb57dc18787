import { isPortFree, probePort } from "../free-port";
import { portHolder } from "./port-holder";

const SUGGESTIONS = 50;

/** The port to serve on; 0 lets the system choose. @throws Error that says what to set */
export async function choosePort(host: string, port: number): Promise<number> {
  try {
    return (await probePort(port, host)).port;
  } catch (error) {
    throw new Error(await problemOf(host, port, (error as NodeJS.ErrnoException).code ?? String(error)), {
      cause: error,
    });
  }
}

async function problemOf(host: string, port: number, code: string): Promise<string> {
  switch (code) {
    case "EADDRINUSE": {
      const holder = portHolder(port);
      return `Port ${port} on ${host} is in use${holder ? ` by ${holder}` : ""}.\nChoose another: PORT=${await nextFree(host, port)} npm start`;
    }
    case "EACCES":
      return `Port ${port} may not be used by this user.\nChoose one above 1023: PORT=3000 npm start`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `This machine has no address ${host}. Correct the setting HOST.`;
    default:
      return `Port ${port} on ${host} cannot be used (${code}). Correct the settings HOST and PORT.`;
  }
}

async function nextFree(host: string, port: number): Promise<number> {
  for (let next = port + 1; next < Math.min(65_536, port + SUGGESTIONS); next++)
    if (await isPortFree(next, host)) return next;
  return 0;
}
