"use client";

import Link from "next/link";
import { ChangePasswordForm } from "@/components/sign-in/change-password-form";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { showToast } from "@/components/ui/toast";
import { TokensSection } from "./tokens-section";

export interface SettingsPageProps {
  email: string;
  isAdmin: boolean;
  password: { minLength: number; maxLength: number };
}

export function SettingsPage({ email, isAdmin, password }: SettingsPageProps) {
  return (
    <>
      <PageHeader title="Settings" facts={<span>signed in as {email}</span>} />
      <div className="flex flex-col gap-8">
        <TokensSection />
        {isAdmin && <AuditSection />}
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

function AuditSection() {
  return (
    <section aria-labelledby="settings-audit" className="flex flex-wrap items-start justify-between gap-3">
      <div className="max-w-prose">
        <h2 id="settings-audit" className="mb-1 font-semibold text-base">
          Audit
        </h2>
        <p className="text-muted">
          Who launched, stopped, deleted or changed what. Entries can only be added, and each carries the hash
          of the one before.
        </p>
      </div>
      <Button asChild>
        <Link href="/settings/audit">Show the trail</Link>
      </Button>
    </section>
  );
}
