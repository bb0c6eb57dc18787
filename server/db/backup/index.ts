export { verifyBackup } from "./read-frames";
export { type Restored, restoreBackup } from "./restore-backup";
export { writeBackup } from "./write-backup";
