import type { WorkerLink } from "../contracts/link";
import type { PracticeServer } from "./practice-server";

/** What the verbs about nodes need besides the database. */
export interface NodePorts {
  link: WorkerLink;
  practice: () => Promise<PracticeServer | null>;
}
