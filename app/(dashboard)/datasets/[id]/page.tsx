import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DataSetPage } from "@/components/data-sets/data-set-page";
import { Id } from "@/server/contracts/primitives";

export const metadata: Metadata = { title: "Data set" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!Id.safeParse(id).success) notFound();
  return <DataSetPage id={id} />;
}
