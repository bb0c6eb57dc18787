import type { Metadata } from "next";
import { AddNodePage } from "@/components/nodes/add-node-page";

export const metadata: Metadata = { title: "Add node" };

export default async function Page({ searchParams }: { searchParams: Promise<{ practice?: string }> }) {
  const { practice } = await searchParams;
  return <AddNodePage isPractice={practice === "1"} />;
}
