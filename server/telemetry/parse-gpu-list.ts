/** A line of `nvidia-smi -L`: a GPU, or a MIG instance of the GPU above it. */
export interface ListedGpu {
  /** Of a MIG instance: its parent's. */
  index: number;
  uuid: string;
  name: string;
  parentUuid: string | null;
  /** `1g.10gb`; null: a whole GPU. */
  migProfile: string | null;
  /** The instance's number on its GPU. */
  migIndex: number | null;
}

const GPU_LINE = /^GPU (\d+): (.*) \(UUID: ((?:GPU|MIG)-[^)\s]+)\)\s*$/;
const MIG_LINE = /^\s+MIG\s+(\S+)\s+Device\s+(\d+):\s+\(UUID: (MIG-[^)\s]+)\)\s*$/;

/** `nvidia-smi -L`, whole GPUs and MIG instances in its order. Lines of another shape are left out. */
export function parseGpuList(text: string): ListedGpu[] {
  const listed: ListedGpu[] = [];
  let parent: ListedGpu | null = null;
  for (const line of text.split(/\r?\n/)) {
    const gpu = GPU_LINE.exec(line);
    if (gpu) {
      const [, index = "", name = "", uuid = ""] = gpu;
      parent = { index: Number(index), uuid, name, parentUuid: null, migProfile: null, migIndex: null };
      listed.push(parent);
      continue;
    }
    const mig = MIG_LINE.exec(line);
    if (mig && parent) {
      const [, migProfile = "", migIndex = "", uuid = ""] = mig;
      const { index, name } = parent;
      listed.push({
        index,
        uuid,
        name: `${name} MIG ${migProfile}`,
        parentUuid: parent.uuid,
        migProfile,
        migIndex: Number(migIndex),
      });
    }
  }
  return listed;
}
