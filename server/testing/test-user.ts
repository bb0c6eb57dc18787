import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import { join } from "node:path";
import { run, runRepeatedly } from "./processes";

export interface TestUser {
  username: string;
  uid: number;
  homeDirectory: string;
  password: string | null;
  passwordUnavailable: string | null;
  isTemporary: boolean;
  remove: () => void;
}

/** Whoever runs the tests, by key only. */
export function testUserOfSelf(passwordUnavailable: string): TestUser {
  const self = userInfo();
  return {
    username: self.username,
    uid: self.uid,
    homeDirectory: self.homedir,
    password: null,
    passwordUnavailable,
    isTemporary: false,
    remove: () => {},
  };
}

/** As root a system user of its own with a random password; else whoever runs the tests, by key only. */
export function createTestUser(options: { shell: string; directory: string }): TestUser {
  if (userInfo().uid !== 0) {
    return testUserOfSelf("a login by password needs a user made for the test, and only root can make one");
  }
  const username = `ty-${randomBytes(4).toString("hex")}`;
  const homeDirectory = join(options.directory, "home");
  const password = randomBytes(12).toString("base64url");
  // Another test may hold the lock of /etc/passwd for a moment.
  runRepeatedly("useradd", [
    "--create-home",
    "--skel",
    "/dev/null",
    "--home-dir",
    homeDirectory,
    "--shell",
    options.shell,
    username,
  ]);
  runRepeatedly("chpasswd", [], `${username}:${password}\n`);
  return {
    username,
    uid: Number(run("id", ["-u", username]).trim()),
    homeDirectory,
    password,
    passwordUnavailable: null,
    isTemporary: true,
    remove: () => runRepeatedly("userdel", ["--force", username]),
  };
}
