import { judgeCases } from "../../testing/readiness-cases";

judgeCases("system", {
  login_shell: [
    ["silent", {}, "ok", "/bin/bash, silent, first word after 42 ms"],
    [
      "prints",
      { login: { noise: "Welcome!", noiseBytes: 9 } },
      "warning",
      "prints 9 bytes before a command runs: “Welcome!”",
    ],
    [
      "prints and breaks SFTP",
      { login: { noiseBytes: 9, sftpError: "bad packet" } },
      "error",
      "breaks file transfer",
    ],
    ["slow", { login: { startMs: 8_000 } }, "warning", "8000 ms"],
    ["no answer", { login: { shell: null, startMs: null } }, "unknown", "did not answer"],
  ],
  sftp: [
    ["works", {}, "ok", "written, read back and removed"],
    [
      "refused",
      { login: { sftpError: "SFTP could not be started." } },
      "error",
      "SFTP could not be started.",
    ],
  ],
  setsid: [
    ["there", {}, "ok", "/usr/bin/setsid"],
    ["missing", { setsidPath: "" }, "error", "not on the PATH"],
    ["not said", { setsidPath: null }, "unknown", "did not say"],
  ],
  clock: [
    ["in step", {}, "ok", "synchronised by NTP"],
    ["wide bounds that hold zero", { clockOffsetMs: [-100, 9_000] }, "ok", "± 4.5 s"],
    [
      "seconds ahead",
      { clockOffsetMs: [3_900, 4_100], isTimeSynchronised: false },
      "warning",
      "4.0 s ahead of this server's clock, ± 100 ms, not synchronised",
    ],
    ["seconds behind", { clockOffsetMs: [-4_100, -3_900] }, "warning", "4.0 s behind"],
    ["an hour behind", { clockOffsetMs: [-3_600_010, -3_599_990] }, "error", "3600 s behind"],
    ["not read", { clockOffsetMs: null }, "unknown", "could not be read"],
  ],
  kill_user_processes: [
    ["off", {}, "ok", "KillUserProcesses=no, linger is off"],
    [
      "on",
      { logind: { killUserProcesses: true } },
      "error",
      "linger is off: training ends when the connection does",
    ],
    [
      "on with linger, which does not help",
      { logind: { killUserProcesses: true, hasLinger: true } },
      "error",
      "lingering or not",
    ],
    ["on, user excluded", { logind: { killUserProcesses: true, isExcluded: true } }, "ok", "ada is excluded"],
    [
      "on, without sessions",
      { logind: { killUserProcesses: true, isInSession: false } },
      "ok",
      "open no logind session",
    ],
    ["not said", { logind: { killUserProcesses: null } }, "unknown", "did not say"],
    [
      "no systemd",
      { logind: { isRunning: false, killUserProcesses: null } },
      "not_applicable",
      "does not run",
    ],
  ],
});
