/** A form in one column with its sticky bar: `form` is react-hook-form's, `onSave` one `useWrite`. */
import { useEffect, type ReactNode } from "react";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import { useBlocker } from "react-router";
import { ApiError } from "@/api/errors";
import { Button } from "./Button";
import { confirm } from "./confirm";
import { ErrorBlock } from "./ErrorBlock";
import { toast } from "./toasts";
import { t } from "./words";

/** Thrown by `onSave` when the person changed their mind: nothing was saved, nothing went wrong. */
export class CalledOff extends Error {}

export function FormPage<V extends FieldValues>({ form, onSave, children, cleared }: {
  form: UseFormReturn<V>; onSave: (values: V) => Promise<unknown>; children: ReactNode;
  /** Emptied once saved: a password, a note. */
  cleared?: boolean;
}) {
  const { isDirty, isSubmitting, errors } = form.formState;
  useLeaveGuard(isDirty && !isSubmitting);
  const save = form.handleSubmit(async (values) => {
    try {
      await onSave(values);
      form.reset(cleared ? undefined : values);
      toast.done(t("saved"));
    } catch (error) {
      if (!(error instanceof CalledOff)) refuse(form, error);
    }
  });
  const refusal = errors.root?.cause as unknown;
  return (
    <form className="form" onSubmit={(event) => void save(event)} noValidate>
      {children}
      {refusal !== undefined && <ErrorBlock error={refusal} />}
      {isDirty && (
        <div className="dirty-bar">
          <span className="grow">{t("unsaved")}</span>
          <Button onClick={() => form.reset()}>{t("cancel")}</Button>
          <Button kind="primary" type="submit" busy={isSubmitting}>
            {t("save")}
          </Button>
        </div>
      )}
    </form>
  );
}

/** A refusal goes under the fields it names, else above the bar. */
export function refuse<V extends FieldValues>(form: UseFormReturn<V>, error: unknown): void {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  const known = fields.filter(([name]) => name in form.getValues());
  known.forEach(([name, message]) => form.setError(name as Path<V>, { message }));
  if (!known.length) form.setError("root", { cause: error } as never);
}

function useLeaveGuard(dirty: boolean): void {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    void confirm({ title: t("unsaved"), body: t("unsaved"), action: t("close"), danger: true }).then((said) =>
      said ? blocker.proceed() : blocker.reset(),
    );
  }, [blocker]);
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [dirty]);
}
