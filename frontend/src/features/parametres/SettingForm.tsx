/** A form of settings: read again without losing what is being typed, closed to who may only read, and who changed it last. */
import type { ReactNode } from "react";
import type { FieldValues, UseFormReturn } from "react-hook-form";
import { dateTime } from "@/lib/format";
import { FormPage } from "@/ui/FormPage";
import { Card } from "@/ui/Page";
import { t } from "./words";

export const TOUCHED = ["/api/settings", "/api/me", "/api/cockpit", "/api/event-log", "/api/delivery-run"];

export function changedText(of: { updated_at?: string | null; updated_by?: string | null }): string {
  return of.updated_at ? t("changed", { at: dateTime(of.updated_at), who: of.updated_by ?? "" }) : t("never");
}

export function SettingForm<V extends FieldValues>({ title, note, form, onSave, manages, children }: {
  title: string; note?: string; form: UseFormReturn<V>; onSave: (values: V) => Promise<unknown>; manages: boolean; children: ReactNode;
}) {
  return (
    <div className="page-form">
      <Card title={title} note={note}>
        <FormPage form={form} onSave={onSave}>
          <fieldset className="ticks form" disabled={!manages}>
            <legend className="sr-only">{title}</legend>
            {children}
          </fieldset>
        </FormPage>
      </Card>
    </div>
  );
}
