import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { NodePage } from "@/components/nodes/node-page";
import { Id } from "@/server/contracts/primitives";

export const metadata: Metadata = { title: "Node" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!Id.safeParse(id).success) notFound();
  return <NodePage nodeId={id} />;
}
