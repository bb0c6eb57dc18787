import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { RoleProvider } from "@/components/hooks/role-provider";
import { Shell } from "@/components/shell/shell";
import { container } from "@/server/container";
import { signInPath } from "../sign-in-path";

export const dynamic = "force-dynamic";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const asked = await headers();
  const session = await container().sessionOf(asked);
  if (session === null) redirect(signInPath(asked));
  if (session.user.mustChangePassword) redirect("/change-password");
  const { name, email, role } = session.user;
  return (
    <RoleProvider role={role}>
      <Shell user={{ name, email }}>{children}</Shell>
    </RoleProvider>
  );
}
