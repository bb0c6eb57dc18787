import { readEnv } from "../../../server/env";
import { linkSecret } from "../../../server/link-secret";
import { createLogger } from "../../../server/log";
import { createLinkClient } from "../../../server/web/link-client";

/** What a web process with somebody in front of it is to a worker, also after the worker's next start. */
export interface Viewer {
  /** After a change of the node: the worker looks at it now. */
  wake: (nodeId: string) => void;
  close: () => void;
}

/** A viewer in this room, for whom the worker asks the room's node every 250 ms. */
export function lookAt(dataDirectory: string, room: string): Viewer {
  const env = readEnv({ TRAINYARD_DATA_DIR: dataDirectory });
  const link = createLinkClient({
    place: { socketPath: env.linkSocket },
    secret: linkSecret(env),
    log: createLogger("viewer", "fatal"),
    events: {
      onTicks: () => {},
      onChanged: () => {},
      onFiles: () => {},
      onState: (isConnected) => {
        // A worker that dies meanwhile is told when it is back.
        if (isConnected) void link.request("watch", { rooms: [room] }).catch(() => {});
      },
    },
  });
  return {
    wake: (nodeId) => {
      // Whether it came about is seen in what is stored.
      if (link.isConnected()) void link.request("wake", { nodeIds: [nodeId] }).catch(() => {});
    },
    close: () => link.close(),
  };
}
