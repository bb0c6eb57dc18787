import { formatEstimatedTime, formatGiB, formatMoney } from "@/components/estimates/format-estimate";
import { Table, TableCell, TableHeader, TableRow } from "@/components/ui/table";
import type { PlannerCell } from "@/server/contracts/estimates";

/** A row a model, a column a kind of GPU. */
export function PlannerTable({ cells }: { cells: readonly PlannerCell[] }) {
  const models = [...new Set(cells.map(({ model }) => model))];
  const hardware = [...new Set(cells.map((cell) => cell.hardware))];
  return (
    <Table>
      <thead>
        <TableRow>
          <TableHeader>Model</TableHeader>
          {hardware.map((name) => (
            <TableHeader key={name} isNumeric className="px-2">
              {name}
            </TableHeader>
          ))}
        </TableRow>
      </thead>
      <tbody>
        {models.map((model) => (
          <TableRow key={model}>
            <TableCell className="num whitespace-nowrap">{model}</TableCell>
            {hardware.map((name) => {
              const cell = cells.find((one) => one.model === model && one.hardware === name);
              return (
                <TableCell key={name} isNumeric className="px-2 py-1 align-top leading-4">
                  {cell && <CellText cell={cell} />}
                </TableCell>
              );
            })}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

function CellText({ cell }: { cell: PlannerCell }) {
  const { largestBatch, seconds, cost, needsGiB, memoryGiB } = cell;
  const need = `${formatGiB(needsGiB)} of ${formatGiB(memoryGiB)} GiB with batch 1`;
  if (largestBatch === 0) {
    return (
      <span className="text-muted" title={need}>
        too large
        <span className="block">{formatGiB(needsGiB)} GiB</span>
      </span>
    );
  }
  return (
    <span title={need}>
      {seconds !== null && formatEstimatedTime(seconds)}
      <span className="block text-muted">
        batch {largestBatch}
        {cost !== null && ` · ${formatMoney(cost)}`}
      </span>
    </span>
  );
}
