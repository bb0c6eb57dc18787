import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { Entrance } from "@/components/sign-in/entrance";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { container } from "@/server/container";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  const session = await container().sessionOf(await headers());
  if (session !== null) redirect("/");
  return (
    <Entrance
      title="Sign in"
      description="The first start prints an address and a one-time password in its terminal."
    >
      <SignInForm />
    </Entrance>
  );
}
