import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { DataRow } from "@/server/contracts/data-sets";

/** null: the row has no such text. */
export type ShownRow = { [Name in keyof DataRow]: string | null } & { place: string };

export interface RowsTableProps {
  rows: readonly ShownRow[];
  hasPairs: boolean;
}

export function RowsTable({ rows, hasPairs }: RowsTableProps) {
  return (
    <Table className="table-fixed min-w-[640px]">
      <thead>
        <tr>
          <TableHeader isNumeric className="w-20">
            Row
          </TableHeader>
          <TableHeader>Prompt</TableHeader>
          <TableHeader>Chosen</TableHeader>
          {hasPairs && <TableHeader>Rejected</TableHeader>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ place, prompt, chosen, rejected }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two rows may stand on one line
          <TableRow key={`${place} ${index}`}>
            <TableCell isNumeric className="align-top text-muted">
              {place}
            </TableCell>
            <Text text={prompt} />
            <Text text={chosen} />
            {hasPairs && <Text text={rejected} />}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function Text({ text }: { text: string | null }) {
  return (
    <TableCell className="py-1 align-top">
      {text === null || text === "" ? (
        <span className="text-muted italic">{text === null ? "none" : "empty"}</span>
      ) : (
        <span className="line-clamp-4 whitespace-pre-wrap break-words" title={text}>
          {text}
        </span>
      )}
    </TableCell>
  );
}
