"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { authRequest } from "./auth-request";

export interface ChangePasswordFormProps {
  minLength: number;
  maxLength: number;
  onDone?: () => void;
}

/** Ends every other session of the user. */
export function ChangePasswordForm({ minLength, maxLength, onDone }: ChangePasswordFormProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    const newPassword = String(form.get("newPassword"));
    if (newPassword !== form.get("repeated")) {
      setProblem("The two new passwords are not the same.");
      return;
    }
    setBusy(true);
    setProblem(null);
    const currentPassword = String(form.get("currentPassword"));
    const result = await authRequest("change-password", {
      currentPassword,
      newPassword,
      revokeOtherSessions: true,
    });
    setBusy(false);
    if (!result.isOk) {
      setProblem(result.message);
      return;
    }
    target.reset();
    if (onDone) onDone();
    else location.assign("/");
  }

  const length = { minLength, maxLength, required: true, type: "password", autoComplete: "new-password" };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-1">
      <Field label="Current password">
        {(control) => (
          <Input
            {...control}
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
          />
        )}
      </Field>
      <Field label="New password" help={`At least ${minLength} characters.`}>
        {(control) => <Input {...control} {...length} name="newPassword" />}
      </Field>
      <Field label="New password again">
        {(control) => <Input {...control} {...length} name="repeated" />}
      </Field>
      <div role="alert" className="min-h-5 text-xs">
        {problem !== null && <FieldError>{problem}</FieldError>}
      </div>
      <Button type="submit" variant="primary" isBusy={isBusy} className="mt-1 w-full">
        Change password
      </Button>
    </form>
  );
}
