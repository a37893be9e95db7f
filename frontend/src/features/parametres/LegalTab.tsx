/** What an entity prints on its invoices, and what is missing for it to issue them. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "react-hook-form";
import { useWrite } from "@/api/hooks";
import type { Body } from "@/api/types";
import { amount, typed } from "@/lib/amounts";
import { changedText, SettingForm, TOUCHED } from "./SettingForm";
import type { TabProps } from "./SettingsPage";
import { t } from "./words";

const TEXTS = ["company_name", "legal_form", "capital", "siren", "siret", "rcs", "tva_number", "address", "address_extra", "postcode", "city", "phone",
  "billing_email", "iban", "bic", "late_penalty_rate", "recovery_indemnity", "discount_terms", "operation_category", "internal_tva_rate",
  "payment_terms_days", "payment_terms"] as const;
/** An empty one is left out: it has no empty value. */
const AMOUNTS = new Set<string>(["capital", "recovery_indemnity", "internal_tva_rate", "payment_terms_days"]);
/** An invoice leaves without them. */
const OPTIONAL = new Set<string>(["capital", "siret", "address_extra", "phone", "billing_email", "bic", "payment_terms"]);
type Text = (typeof TEXTS)[number];
type Fields = Record<Text, string> & { vat_on: "debits" | "encaissements" };

/** Amounts with a comma or a point; the days as a figure; empty amounts left out. */
export function legalBody({ vat_on, ...texts }: Fields): Record<string, unknown> {
  const given = Object.entries(texts).filter(([name, value]) => value.trim() !== "" || !AMOUNTS.has(name));
  const told = given.map(([name, value]) => {
    const text = value.trim();
    if (name === "payment_terms_days") return [name, Number(text)];
    return [name, AMOUNTS.has(name) ? amount(text) : text];
  });
  return { ...Object.fromEntries(told), vat_on };
}

export function LegalTab({ settings: { entity, legal }, manages }: TabProps) {
  const write = useWrite("put", "/api/settings/legal", TOUCHED);
  const told = (name: Text) => (AMOUNTS.has(name) ? typed(String(legal[name] ?? "")) : String(legal[name] ?? ""));
  const texts = Object.fromEntries(TEXTS.map((name) => [name, told(name)])) as Record<Text, string>;
  const form = useForm<Fields>({ values: { ...texts, vat_on: legal.vat_on }, resetOptions: { keepDirtyValues: true } });
  const { errors } = form.formState;
  return (
    <>
      <p className={`notice ${legal.missing.length ? "notice-warning" : "notice-info"}`} role="status">
        {legal.missing.length ? t("missing", { names: legal.missing.join(", ") }) : t("complete")}
      </p>
      <SettingForm
        title={t("mentions")}
        note={changedText(legal)}
        form={form}
        manages={manages}
        onSave={(values) => write.mutateAsync({ body: { entity, ...legalBody(values) } as Body<"put", "/api/settings/legal"> })}
      >
        {TEXTS.map((name) => (
          <TextInput key={name} label={OPTIONAL.has(name) ? `${t(name)} ${t("optional")}` : t(name)} error={errors[name]?.message} {...form.register(name)} />
        ))}
        <NativeSelect label={t("vat_on")} data={(["debits", "encaissements"] as const).map((value) => ({ value, label: t(value) }))} {...form.register("vat_on")} />
      </SettingForm>
    </>
  );
}
