import type { Metadata } from "next";
import { NewEvaluationPage } from "@/components/evaluations/new-evaluation-page";
import { Id } from "@/server/contracts/primitives";

export const metadata: Metadata = { title: "New evaluation" };

interface Query {
  run?: string;
  again?: string;
}

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const { run, again } = await searchParams;
  return (
    <NewEvaluationPage runId={Id.safeParse(run).data ?? null} againId={Id.safeParse(again).data ?? null} />
  );
}
