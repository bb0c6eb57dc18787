import type { Metadata } from "next";
import { DataSetsPage } from "@/components/data-sets/data-sets-page";

export const metadata: Metadata = { title: "Data sets" };

export default function Page() {
  return <DataSetsPage />;
}
