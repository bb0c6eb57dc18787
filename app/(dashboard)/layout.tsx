import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { container } from "@/server/container";

export const dynamic = "force-dynamic";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const session = await container().sessionOf(await headers());
  if (session === null) redirect("/sign-in");
  if (session.user.mustChangePassword) redirect("/change-password");
  return <Shell user={{ name: session.user.name, email: session.user.email }}>{children}</Shell>;
}
