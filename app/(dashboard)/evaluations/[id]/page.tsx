import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EvaluationPage } from "@/components/evaluations/evaluation-page";
import { Id } from "@/server/contracts/primitives";

export const metadata: Metadata = { title: "Evaluation" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!Id.safeParse(id).success) notFound();
  return <EvaluationPage id={id} />;
}
