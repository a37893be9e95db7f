/** A form of four fields at most, in a dialog: what the server refuses is shown in it, and it stays open. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { Button } from "./Button";
import { ErrorBlock } from "./ErrorBlock";
import { refuse } from "./FormPage";
import { toast } from "./toasts";
import { t } from "./words";

export function FormDialog<V extends FieldValues>({ title, action, form, onSave, onClose, done, children }: {
  title: string; action: string; form: UseFormReturn<V>; onSave: (values: V) => Promise<unknown>; onClose: () => void;
  /** Said once the server has confirmed. */
  done: string; children: ReactNode;
}) {
  const { isSubmitting, errors } = form.formState;
  const save = form.handleSubmit(async (values) => {
    try {
      await onSave(values);
      toast.done(done);
      onClose();
    } catch (error) {
      refuse(form, error);
    }
  });
  const refusal = errors.root?.cause as unknown;
  return (
    <Modal opened onClose={onClose} title={title} centered closeButtonProps={{ "aria-label": t("close") }}>
      <form className="stack" onSubmit={(event) => void save(event)} noValidate>
        {children}
        {refusal !== undefined && <ErrorBlock error={refusal} />}
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" type="submit" busy={isSubmitting}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
