"use client";

import Link from "next/link";
import { formatLeft, formatMoment } from "@/components/format/format-time";
import { useIsAdmin } from "@/components/hooks/role-provider";
import { useNow } from "@/components/hooks/use-now";
import type { RunView } from "@/server/contracts/runs";
import { isTerminal } from "@/server/contracts/statuses";
import {
  formatCost,
  formatGpuHours,
  lostText,
  runLeft,
  runSourceText,
  spentAndExpected,
} from "./prepare-forecast";
import { gpuHours } from "./prepare-pipeline";

/** In a run's header: what is left, when it ends, GPU hours and costs so far and expected. */
export function RunCosts({ run }: { run: RunView }) {
  const now = useNow(1000);
  if (now === 0) return null;
  return (
    <>
      <Left run={run} now={now} />
      <Spent run={run} now={now} />
    </>
  );
}

function Left({ run, now }: { run: RunView; now: number }) {
  const left = runLeft(run, now);
  if (run.status === "queued" && run.forecast.secondsLeft !== null) {
    return (
      <span title={runSourceText(run)}>
        takes about <span className="num">{formatLeft(run.forecast.secondsLeft)}</span>
      </span>
    );
  }
  if (left === null) return null;
  const isRun = left.of === "run";
  return (
    <span title={runSourceText(run)}>
      {!isRun && "stage: "}
      {left.seconds >= 60 && "about "}
      <span className="num">{formatLeft(left.seconds)}</span> left, ends about{" "}
      <span className="num">{formatMoment(now + left.seconds * 1000, now)}</span>
    </span>
  );
}

function Spent({ run, now }: { run: RunView; now: number }) {
  const { forecast } = run;
  const isAdmin = useIsAdmin();
  const spent = gpuHours(run, now) ?? 0;
  const expected = isTerminal(run.status) ? null : forecast.gpuHoursExpected;
  if (spent === 0 && expected === null) return null;
  const { pricePerGpuHour: price } = forecast;
  const lost = lostText(forecast);
  return (
    <>
      <span title={["GPU hours of all attempts: so far → expected", lost].filter(Boolean).join("\n")}>
        <span className="num">{spentAndExpected(spent, expected, formatGpuHours)}</span> GPU h
      </span>
      {price !== null && (
        <span title={`At ${price} per GPU hour, the node's price; the evaluation is not in it`}>
          {isTerminal(run.status) ? "cost" : "costs"}{" "}
          <span className="num">
            {spentAndExpected(spent * price, expected === null ? null : expected * price, formatCost)}
          </span>
        </span>
      )}
      {price === null && isAdmin && (
        <Link
          href={`/nodes/${run.nodeId}?dialog=price`}
          className="rounded underline decoration-faint underline-offset-2 hover:text-fg"
        >
          set a price
        </Link>
      )}
      {lost !== null && <span>{lost}</span>}
    </>
  );
}
