"use client";

import { Download } from "lucide-react";
import { memo } from "react";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Segmented } from "@/components/ui/segmented";
import type { RunPreview } from "@/server/contracts/runs";
import { scriptFileName } from "./script-file-name";

export interface CommandsCardProps {
  preview: RunPreview;
  runName: string;
  /** A stage, or "script": all of them as one program. */
  shown: string;
  onShownChange: (shown: string) => void;
}

/** Exactly what would run: a stage's command, or the whole script, to copy and to take away. */
export const CommandsCard = memo(function CommandsCard({
  preview,
  runName,
  shown,
  onShownChange,
}: CommandsCardProps) {
  const { commands, script } = preview;
  const command = commands.find(({ stage }) => stage === shown);
  const text = command?.text ?? script;
  const fileName = scriptFileName(runName);
  return (
    <Card
      title="Commands"
      note="exactly what runs on the node"
      aside={
        <Button asChild size="sm" className="-my-1">
          <a
            href={`data:text/x-shellscript;charset=utf-8,${encodeURIComponent(script)}`}
            download={fileName}
            title={`Download ${fileName}: all stages, runs without Trainyard`}
          >
            <Download /> Script
          </a>
        </Button>
      }
    >
      <Segmented
        label="Which command"
        value={command ? command.stage : "script"}
        options={[
          ...commands.map(({ stage }) => ({ value: stage as string, label: STAGE_LOOK[stage].short })),
          { value: "script", label: "whole script" },
        ]}
        onValueChange={onShownChange}
        className="mt-1 mb-2"
      />
      <div className="relative mb-1">
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
          tabIndex={0}
          aria-label="Command"
          className="num max-h-[44dvh] min-h-40 overflow-auto whitespace-pre-wrap break-words rounded-md bg-fill p-2.5 pr-10 text-[11.5px] leading-[18px]"
        >
          {text}
        </section>
        <span className="absolute top-1 right-1">
          <CopyButton
            text={text}
            label={command ? `Copy the command of ${STAGE_LOOK[command.stage].label}` : "Copy the script"}
          />
        </span>
      </div>
    </Card>
  );
});
