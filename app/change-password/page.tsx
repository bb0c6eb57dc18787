import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { ChangePasswordForm } from "@/components/sign-in/change-password-form";
import { Entrance } from "@/components/sign-in/entrance";
import { container } from "@/server/container";
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "@/server/contracts/session";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Choose a password" };

export default async function ChangePasswordPage() {
  const session = await container().sessionOf(await headers());
  if (session === null) redirect("/sign-in");
  return (
    <Entrance
      title="Choose a password"
      description={
        session.user.mustChangePassword
          ? "The password from the terminal works once. Choose your own to go on."
          : `For ${session.user.email}. Other sessions end.`
      }
    >
      <ChangePasswordForm minLength={PASSWORD_MIN_LENGTH} maxLength={PASSWORD_MAX_LENGTH} />
    </Entrance>
  );
}
