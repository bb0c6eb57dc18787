import type { Metadata } from "next";
import { YardPage } from "@/components/yard/yard-page";

export const metadata: Metadata = { title: "Yard" };

export default function Page() {
  return <YardPage />;
}
