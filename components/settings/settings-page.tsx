"use client";

import { ChangePasswordForm } from "@/components/sign-in/change-password-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { showToast } from "@/components/ui/toast";
import { TokensSection } from "./tokens-section";

export interface SettingsPageProps {
  email: string;
  password: { minLength: number; maxLength: number };
}

export function SettingsPage({ email, password }: SettingsPageProps) {
  return (
    <>
      <PageHeader title="Settings" facts={<span>signed in as {email}</span>} />
      <div className="flex flex-col gap-8">
        <TokensSection />
        <section aria-labelledby="settings-password" className="max-w-md">
          <h2 id="settings-password" className="mb-1 font-semibold text-base">
            Password
          </h2>
          <p className="mb-3 text-muted">Changing it ends your other sessions.</p>
          <Card className="p-4">
            <ChangePasswordForm
              {...password}
              onDone={() => showToast({ tone: "ok", text: "The password is changed." })}
            />
          </Card>
        </section>
      </div>
    </>
  );
}
