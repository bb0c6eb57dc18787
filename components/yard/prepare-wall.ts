export interface WallNode {
  id: string;
  gpuCount: number;
}
export interface WallCell {
  nodeIndex: number;
  gpuIndex: number;
  x: number;
  y: number;
}
export interface WallLayout {
  height: number;
  /** Where each node's name stands. */
  labels: { nodeIndex: number; x: number; y: number; width: number }[];
  cells: WallCell[];
}

export const CELL = 20;
const CELL_GAP = 4;
const PITCH = CELL + CELL_GAP;
const LABEL_HEIGHT = 20;
const GROUP_GAP = 16;
const GROUP_COLUMNS = 8;
const GROUP_WIDTH = GROUP_COLUMNS * PITCH - CELL_GAP;

/** Nodes as blocks of eight GPUs a row, blocks side by side as far as `width` reaches. Pixels. */
export function layoutWall(nodes: readonly WallNode[], width: number): WallLayout {
  const perRow = Math.max(1, Math.floor((width + GROUP_GAP) / (GROUP_WIDTH + GROUP_GAP)));
  const layout: WallLayout = { height: 0, labels: [], cells: [] };
  for (let first = 0; first < nodes.length; first += perRow) {
    const row = nodes.slice(first, first + perRow);
    const top = layout.height;
    row.forEach((node, column) => {
      placeNode(layout, node, { nodeIndex: first + column, x: column * (GROUP_WIDTH + GROUP_GAP), y: top });
    });
    const lines = Math.max(...row.map((node) => Math.ceil(node.gpuCount / GROUP_COLUMNS)));
    layout.height = top + LABEL_HEIGHT + lines * PITCH + GROUP_GAP;
  }
  return layout;
}

function placeNode(
  layout: WallLayout,
  node: WallNode,
  at: { nodeIndex: number; x: number; y: number },
): void {
  const { nodeIndex, x, y } = at;
  layout.labels.push({ nodeIndex, x, y, width: GROUP_WIDTH });
  for (let gpuIndex = 0; gpuIndex < node.gpuCount; gpuIndex += 1) {
    layout.cells.push({
      nodeIndex,
      gpuIndex,
      x: x + (gpuIndex % GROUP_COLUMNS) * PITCH,
      y: y + LABEL_HEIGHT + Math.floor(gpuIndex / GROUP_COLUMNS) * PITCH,
    });
  }
}

/** The cell under a point, if any. */
export function cellAt(layout: WallLayout, x: number, y: number): WallCell | null {
  return (
    layout.cells.find((cell) => x >= cell.x && x < cell.x + CELL && y >= cell.y && y < cell.y + CELL) ?? null
  );
}
