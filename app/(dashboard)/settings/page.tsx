import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { SettingsPage } from "@/components/settings/settings-page";
import { container } from "@/server/container";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "@/server/contracts/session";
import { signInPath } from "../../sign-in-path";

export const metadata: Metadata = { title: "Settings" };

export default async function Page() {
  const asked = await headers();
  const session = await container().sessionOf(asked);
  if (session === null) redirect(signInPath(asked));
  const password = { minLength: PASSWORD_MIN_LENGTH, maxLength: PASSWORD_MAX_LENGTH };
  const { email, role } = session.user;
  return <SettingsPage email={email} isAdmin={role === "admin"} password={password} />;
}
