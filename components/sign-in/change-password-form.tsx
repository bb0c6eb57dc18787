"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { authRequest, type PasswordField } from "./auth-request";

export interface ChangePasswordFormProps {
  minLength: number;
  maxLength: number;
  /** Left out: the page before the shell, which goes on to the yard. */
  onDone?: () => void;
}

interface Problem {
  message: string;
  field: PasswordField | null;
}

/** Ends every other session of the user. */
export function ChangePasswordForm({ minLength, maxLength, onDone }: ChangePasswordFormProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const errorOf = (field: PasswordField) => (problem?.field === field ? problem.message : null);

  function refuse(form: HTMLFormElement, next: Problem) {
    setProblem(next);
    const control = next.field === null ? null : form.elements.namedItem(next.field);
    if (control instanceof HTMLInputElement) control.select();
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    const newPassword = String(form.get("newPassword"));
    if (newPassword !== form.get("repeated")) {
      refuse(target, { message: "The two new passwords are not the same.", field: "repeated" });
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
      refuse(target, result);
      return;
    }
    target.reset();
    if (onDone) onDone();
    else location.assign("/");
  }

  const current = { required: true, type: "password", autoComplete: "current-password" };
  const length = { minLength, maxLength, required: true, type: "password", autoComplete: "new-password" };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <Field label="Current password" error={errorOf("currentPassword")}>
        {(control) => <Input {...control} {...current} name="currentPassword" />}
      </Field>
      <Field label="New password" help={`At least ${minLength} characters.`} error={errorOf("newPassword")}>
        {(control) => <Input {...control} {...length} name="newPassword" />}
      </Field>
      <Field label="New password again" error={errorOf("repeated")}>
        {(control) => <Input {...control} {...length} name="repeated" />}
      </Field>
      <div role="alert" className="text-xs empty:hidden">
        {problem?.field === null && <FieldError>{problem.message}</FieldError>}
      </div>
      <Button type="submit" variant={onDone ? "default" : "primary"} isBusy={isBusy} className="mt-1 w-full">
        Change password
      </Button>
    </form>
  );
}
