import type { ReadinessFacts } from "./readiness-facts";
import {
  type Check,
  error,
  fixWith,
  installCommand,
  notApplicable,
  ok,
  unknown,
  type Verdict,
  warning,
} from "./verdict";

/** A login shell that takes longer makes every reconnect slow. */
const SLOW_SHELL_MS = 3_000;
/** Curves of two nodes are laid over each other by wall time. */
const CLOCK_WARNING_MS = 2_000;
/** From here on certificates and signed downloads begin to fail. */
const CLOCK_ERROR_MS = 300_000;

const NOISE_FIX = fixWith(
  "Print greetings only in interactive shells: put this line at the top of ~/.bashrc (or ~/.zshenv, ~/.cshrc), before whatever prints.",
  { command: "case $- in *i*) ;; *) return ;; esac" },
);

function judgeLogin({ login }: ReadinessFacts): Verdict {
  const shell = login.shell ?? "an unnamed shell";
  const took = login.startMs === null ? "" : `, first word after ${Math.round(login.startMs)} ms`;
  if (login.noiseBytes > 0) {
    const said = `${shell} prints ${login.noiseBytes} bytes before a command runs: “${login.noise}”`;
    if (login.sftpError !== null) return error(`${said}. This breaks file transfer.`, NOISE_FIX);
    return warning(`${said}. Trainyard reads past it; scp, rsync and git may not.`, NOISE_FIX);
  }
  if (login.startMs !== null && login.startMs > SLOW_SHELL_MS) {
    return warning(
      `${shell}${took}`,
      fixWith(
        "Something in the shell's start files is slow (conda, pyenv, a network home): move it behind a test for interactive shells.",
      ),
    );
  }
  return login.shell === null && login.startMs === null
    ? unknown("The shell did not answer in time.")
    : ok(`${shell}, silent${took}`);
}

function judgeSftp({ login }: ReadinessFacts): Verdict {
  if (login.sftpError === null) return ok("A file was written, read back and removed by SFTP.");
  return error(
    login.sftpError,
    fixWith(
      login.noiseBytes > 0
        ? "The login shell's output gets in between: silence it first."
        : "Let the SSH server offer SFTP (as root, then reload sshd), and see that the home directory can be written.",
      { command: login.noiseBytes > 0 ? null : "grep -i '^Subsystem.*sftp' /etc/ssh/sshd_config" },
    ),
  );
}

function judgeSetsid(facts: ReadinessFacts): Verdict {
  if (facts.setsidPath === null) return unknown("The node did not say whether setsid is there.");
  if (facts.setsidPath !== "") return ok(facts.setsidPath);
  return error(
    "setsid is not on the PATH: nothing can be started that outlives the connection.",
    fixWith("Install util-linux.", {
      command: installCommand(facts, { debian: "util-linux", fedora: "util-linux" }),
    }),
  );
}

function judgeClock({ clockOffsetMs, isTimeSynchronised }: ReadinessFacts): Verdict {
  if (clockOffsetMs === null) return unknown("The node's clock could not be read.");
  const [low, high] = clockOffsetMs;
  const distance = low > 0 ? low : high < 0 ? -high : 0;
  const middle = (low + high) / 2;
  const side = middle >= 0 ? "ahead of" : "behind";
  const evidence = `${seconds(Math.abs(middle))} ${side} this server's clock, ± ${seconds((high - low) / 2)}${
    isTimeSynchronised === null ? "" : isTimeSynchronised ? ", synchronised by NTP" : ", not synchronised"
  }`;
  if (distance < CLOCK_WARNING_MS) return ok(evidence);
  const fix = fixWith(
    "Let the node follow a time server; if it does already, look at the clock of the machine that runs Trainyard.",
    { command: "sudo timedatectl set-ntp true" },
  );
  return distance < CLOCK_ERROR_MS ? warning(evidence, fix) : error(evidence, fix);
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function judgeLogind({ logind }: ReadinessFacts): Verdict {
  if (!logind.isRunning) return notApplicable("systemd-logind does not run here.");
  const linger = logind.hasLinger ? "linger is on" : "linger is off";
  if (logind.killUserProcesses === null) return unknown(`logind did not say; ${linger}`);
  if (!logind.killUserProcesses) return ok(`KillUserProcesses=no, ${linger}`);
  if (logind.isExcluded)
    return ok(`KillUserProcesses=yes, but ${logind.username ?? "this user"} is excluded`);
  if (!logind.isInSession) return ok("KillUserProcesses=yes, but SSH logins here open no logind session");
  return error(
    `KillUserProcesses=yes, ${linger}: training ends when the connection does, lingering or not.`,
    fixWith("Turn it off as root. Running sessions keep the old rule until they end.", {
      command:
        "sudo mkdir -p /etc/systemd/logind.conf.d && printf '[Login]\\nKillUserProcesses=no\\n' | sudo tee /etc/systemd/logind.conf.d/trainyard.conf && sudo systemctl restart systemd-logind",
    }),
  );
}

export const SYSTEM_CHECKS: readonly Check[] = [
  { id: "login_shell", group: "system", title: "Login shell", judge: judgeLogin, isForPractice: true },
  { id: "sftp", group: "system", title: "File transfer", judge: judgeSftp, isForPractice: true },
  { id: "setsid", group: "system", title: "setsid", judge: judgeSetsid, isForPractice: true },
  { id: "clock", group: "system", title: "Clock", judge: judgeClock, isForPractice: true },
  { id: "kill_user_processes", group: "system", title: "KillUserProcesses", judge: judgeLogind },
];
