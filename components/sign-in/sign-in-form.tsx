"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { authRequest, safeNext } from "./auth-request";

export function SignInForm() {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    const result = await authRequest("sign-in/email", {
      email: String(form.get("email")).trim(),
      password: String(form.get("password")),
    });
    if (result.isOk) {
      location.assign(safeNext(new URLSearchParams(location.search).get("next")));
      return;
    }
    setBusy(false);
    setProblem(result.message);
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <Field label="E-mail">
        {(control) => (
          <Input {...control} name="email" type="email" autoComplete="username" required autoFocus />
        )}
      </Field>
      <Field label="Password">
        {(control) => (
          <Input {...control} name="password" type="password" autoComplete="current-password" required />
        )}
      </Field>
      <div role="alert" className="text-xs empty:hidden">
        {problem !== null && <FieldError>{problem}</FieldError>}
      </div>
      <Button type="submit" variant="primary" isBusy={isBusy} className="mt-1 w-full">
        Sign in
      </Button>
    </form>
  );
}
