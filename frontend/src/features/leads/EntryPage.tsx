/** A lead entered by hand: it follows the same way as the others (source « saisie »). */
import { Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { Controller, useForm, useWatch } from "react-hook-form";
import { useNavigate } from "react-router";
import { useWrite } from "@/api/hooks";
import { useHref, useScope } from "@/app/scope";
import { useSession } from "@/app/session";
import { FormPage } from "@/ui/FormPage";
import { Page } from "@/ui/Page";
import { optionsOf, produit } from "@/words/states";
import { ContactFields } from "./ContactFields";
import { LEAD_TOUCHES } from "./Mending";
import { t } from "./words";

const EMPTY = { entity: "", phone: "", nom: "", prenom: "", email: "", departement: "", produit: "PV" as string, given: false, text: "", url: "" };

/** One form is one lead, however often it is sent. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
}

export default function EntryPage() {
  const { entity, entities } = useScope();
  const { user } = useSession();
  const navigate = useNavigate();
  const href = useHref();
  const [key] = useState(newKey);
  const enter = useWrite("post", "/api/leads", LEAD_TOUCHES);
  const mine = user.role === "super_admin" ? (entity ?? "") : user.entity;
  const form = useForm<typeof EMPTY>({ defaultValues: { ...EMPTY, entity: mine } });
  const given = useWatch({ control: form.control, name: "given" });
  const { errors } = form.formState;
  const save = async ({ given: agreed, text, url, produit: sold, entity: owner, ...contact }: typeof EMPTY) => {
    const consent = agreed ? { given: true, text, url, at: new Date().toISOString(), ip: "", user_agent: "" } : null;
    const made = await enter.mutateAsync({ key, body: { ...contact, entity: owner || null, produit: sold as "PV", consent, source: "saisie", form_code: "", test: false } });
    void navigate(href(`/admin/leads/${made.lead_id}`));
  };
  return (
    <Page title={t("enter_title")} intro={t("enter_intro")} narrow="form">
      <FormPage form={form} onSave={save}>
        {!mine && (
          <Controller
            control={form.control}
            name="entity"
            rules={{ required: t("needed") }}
            render={({ field, fieldState }) => <Select label={t("entity")} data={entities} {...field} value={field.value || null} error={fieldState.error?.message} />}
          />
        )}
        <Controller
          control={form.control}
          name="produit"
          render={({ field, fieldState }) => <Select label={t("produit")} data={optionsOf(produit)} allowDeselect={false} {...field} error={fieldState.error?.message} />}
        />
        <ContactFields form={form} />
        <Controller control={form.control} name="given" render={({ field: { value, ...field } }) => <Checkbox label={t("consent_box")} checked={value} {...field} />} />
        {given && (
          <>
            <Textarea label={t("consent_text")} autosize minRows={2} error={errors.text?.message} {...form.register("text", { required: t("needed") })} />
            <TextInput label={t("consent_url")} description={t("consent_help")} error={errors.url?.message} {...form.register("url", { required: t("needed") })} />
          </>
        )}
      </FormPage>
    </Page>
  );
}
