"use client";

import { formatCount } from "@/components/format/format-number";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ScrollRegion } from "@/components/ui/scroll-region";
import type { LogBuffer } from "./log-buffer";
import { LogText } from "./log-line";
import { MOST_WHOLE_LINE_BYTES, partOfLine } from "./long-line";

export interface WholeLineDialogProps {
  buffer: LogBuffer;
  /** Where the line begins in the file. */
  offset: number;
  query: string;
  onClose: () => void;
}

/** One long line, wrapped. */
export function WholeLineDialog({ buffer, offset, query, onClose }: WholeLineDialogProps) {
  const index = buffer.lineAt(offset);
  if (index < 0) return null;
  const line = buffer.line(index);
  const { bytes, hiddenBytes } = partOfLine(line, MOST_WHOLE_LINE_BYTES);
  const text = new TextDecoder().decode(bytes);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        width="lg"
        title="Whole line"
        description={
          hiddenBytes === 0
            ? `${formatCount(line.length)} bytes, from byte ${formatCount(offset)} of the log`
            : `The first ${formatCount(bytes.length)} of ${formatCount(line.length)} bytes; the download has them all.`
        }
      >
        <div className="relative">
          <ScrollRegion label="Line" className="max-h-[70dvh] rounded-md bg-fill">
            <pre className="num whitespace-pre-wrap break-all p-3 pr-10 leading-[18px]">
              <LogText text={text} query={query} />
            </pre>
          </ScrollRegion>
          <span className="absolute top-1 right-1">
            <CopyButton text={text} label="Copy the line" />
          </span>
        </div>
      </DialogContent>
    </Dialog>
  );
}
