/** Correct a lead: only what was touched is sent. */
import { Checkbox, Select } from "@mantine/core";
import { Controller, useForm } from "react-hook-form";
import { useNavigate, useParams } from "react-router";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useHref } from "@/app/scope";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormPage } from "@/ui/FormPage";
import { Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { optionsOf, produit } from "@/words/states";
import { ContactFields } from "./ContactFields";
import { closed, LEAD_TOUCHES } from "./Mending";
import { fullName } from "./name";
import { t } from "./words";

type Lead = Schema<"LeadDetail">;

export default function CorrectPage() {
  const { id = "" } = useParams();
  const lead = useRead("/api/leads/{lead_id}", { path: { lead_id: id } });
  if (lead.data) return <Form lead={lead.data} />;
  return (
    <Page title={t("title")} narrow="form">
      {lead.error ? <ErrorBlock error={lead.error} retry={() => void lead.refetch()} /> : <Lines count={8} />}
    </Page>
  );
}

function start(lead: Lead) {
  return {
    phone: lead.phone_display || lead.phone_raw, nom: lead.nom, prenom: lead.prenom, email: lead.email, departement: lead.departement,
    produit: (lead.produit ?? "") as string, resubmit: lead.status === "invalid",
  };
}
type Values = ReturnType<typeof start>;

function Form({ lead }: { lead: Lead }) {
  const navigate = useNavigate();
  const href = useHref();
  const correct = useWrite("put", "/api/leads/{lead_id}", LEAD_TOUCHES);
  const form = useForm<Values>({ defaultValues: start(lead) });
  const why = closed(lead);
  const save = async ({ resubmit, ...values }: Values) => {
    const touched = form.formState.dirtyFields;
    const body = Object.fromEntries(Object.entries(values).filter(([name]) => touched[name as keyof typeof touched]));
    await correct.mutateAsync({ path: { lead_id: lead.id }, body: { ...body, resubmit } });
    void navigate(href(`/admin/leads/${lead.id}`));
  };
  return (
    <Page title={t("correct_title", { name: fullName(lead) })} intro={t("correct_intro")} narrow="form">
      {why && <p className="notice notice-warning">{why}</p>}
      {lead.status === "routed" && <p className="notice notice-warning">{t("reserved", { client: lead.delivery_client_name ?? lead.delivery_entity ?? "" })}</p>}
      {!why && (
        <FormPage form={form} onSave={save}>
          <ContactFields form={form} />
          <Controller
            control={form.control}
            name="produit"
            render={({ field, fieldState }) => <Select label={t("produit")} data={optionsOf(produit)} allowDeselect={false} {...field} value={field.value || null} error={fieldState.error?.message} />}
          />
          {lead.status === "invalid" && (
            <Controller control={form.control} name="resubmit" render={({ field: { value, ...field } }) => <Checkbox label={t("resubmit_too")} checked={value} {...field} />} />
          )}
        </FormPage>
      )}
    </Page>
  );
}
