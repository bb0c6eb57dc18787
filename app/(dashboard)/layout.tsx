import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { RoleProvider } from "@/components/hooks/role-provider";
import { Shell } from "@/components/shell/shell";
import { container } from "@/server/container";

export const dynamic = "force-dynamic";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const session = await container().sessionOf(await headers());
  if (session === null) redirect("/sign-in");
  if (session.user.mustChangePassword) redirect("/change-password");
  const { name, email, role } = session.user;
  return (
    <RoleProvider role={role}>
      <Shell user={{ name, email }}>{children}</Shell>
    </RoleProvider>
  );
}
