import { CircleAlert, TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn";

/** Spread these on the control: they tie it to its label, help and error. */
export interface FieldControlProps {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

export interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  error?: string | null;
  /** Stands where there is no error. */
  warning?: string | null;
  /** Checked at every key: its error is there to be read, not called out. */
  isTypedInto?: boolean;
  /** Right of the label: a unit, a count, a small button. */
  aside?: ReactNode;
  className?: string;
  /** How problems name this field: what `data-path` is looked up by. */
  path?: string;
  children: (control: FieldControlProps) => ReactNode;
}

/** Label, control, and below it the error, else the warning, else the help. */
export function Field({
  label,
  help,
  error,
  warning,
  isTypedInto = false,
  aside,
  className,
  path,
  children,
}: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const hasNote = Boolean(error || warning || help);
  return (
    <div data-path={path} className={cn("flex min-w-0 flex-col gap-1", className)}>
      <div className="flex min-h-5 items-center justify-between gap-2">
        <label htmlFor={id} className="shrink-0 font-medium text-sm">
          {label}
        </label>
        {aside !== undefined && <span className="min-w-0 truncate text-muted text-xs">{aside}</span>}
      </div>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": hasNote ? noteId : undefined,
      })}
      {hasNote && (
        <div id={noteId} className="text-xs" role={error && !isTypedInto ? "alert" : undefined}>
          <Note error={error} warning={warning} help={help} />
        </div>
      )}
    </div>
  );
}

function Note({ error, warning, help }: Pick<FieldProps, "error" | "warning" | "help">) {
  if (error) return <FieldError>{error}</FieldError>;
  if (warning) return <FieldWarning>{warning}</FieldWarning>;
  return <span className="text-muted">{help}</span>;
}

export function FieldWarning({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex gap-1 text-warn">
      <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span>{children}</span>
    </span>
  );
}

export function FieldError({ children }: { children: ReactNode }) {
  return (
    <span className="inline-flex gap-1 text-bad">
      <CircleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span>{children}</span>
    </span>
  );
}
