import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RunPage } from "@/components/runs/run-page";
import { Id } from "@/server/contracts/primitives";

export const metadata: Metadata = { title: "Run" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!Id.safeParse(id).success) notFound();
  return <RunPage runId={id} />;
}
