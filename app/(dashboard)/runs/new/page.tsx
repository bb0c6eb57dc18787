import type { Metadata } from "next";
import { NewRunPage } from "@/components/new-run/new-run-page";

export const metadata: Metadata = { title: "New RLHF run" };

interface Query {
  clone?: string;
  preset?: string;
  node?: string;
  data?: string;
  /** Whether that data set holds pairs, or single answers. */
  answers?: string;
}

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const { clone, preset, node, data, answers } = await searchParams;
  return (
    <NewRunPage
      cloneId={clone ?? null}
      presetId={preset ?? null}
      nodeId={node ?? null}
      data={data === undefined ? null : { reference: data, hasPairs: answers !== "single" }}
    />
  );
}
