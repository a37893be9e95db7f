/** Create or edit a client, its billing identity too. */
import { NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { Controller, useForm } from "react-hook-form";
import { useNavigate, useParams } from "react-router";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useHref, useScope } from "@/app/scope";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormPage } from "@/ui/FormPage";
import { Card, Page } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { amount, typed } from "@/lib/amounts";
import type { Detail } from "./ClientPage";
import { t } from "./words";

const TEXTS = ["name", "email", "contact_name", "phone", "notes", "siren", "tva_number", "billing_address", "billing_postcode", "billing_city", "billing_email"] as const;
const TOUCHES = ["/api/clients", "/api/cockpit", "/api/me"];

export default function ClientFormPage() {
  const { id } = useParams();
  return id ? <Edit id={id} /> : <Form client={undefined} />;
}

function Edit({ id }: { id: string }) {
  const read = useRead("/api/clients/{client_id}", { path: { client_id: id } });
  if (read.data) return <Form client={read.data.client} />;
  return (
    <Page title={t("one")} narrow="form">
      {read.error ? <ErrorBlock error={read.error} retry={() => void read.refetch()} /> : <Lines count={8} />}
    </Page>
  );
}

function start(client: Detail | undefined, entity: string) {
  return {
    ...(Object.fromEntries(TEXTS.map((one) => [one, client?.[one] ?? ""])) as Record<(typeof TEXTS)[number], string>),
    entity,
    delivery_emails: client?.delivery_emails ?? [],
    auto_send_enabled: client?.auto_send_enabled ?? true,
    delivery_mode: (client?.delivery_mode ?? "daily") as string,
    return_window_days: (client?.return_window_days ?? 0) as number | string,
    payment_terms_days: (client?.payment_terms_days ?? 30) as number | string,
    vat_rate: typed(client?.vat_rate ?? "20"),
  };
}
type Values = ReturnType<typeof start>;

function Form({ client }: { client: Detail | undefined }) {
  const { entity, entities } = useScope();
  const navigate = useNavigate();
  const href = useHref();
  const first = client?.entity ?? entity ?? (entities.length === 1 ? entities[0] : undefined) ?? "";
  const form = useForm<Values>({ defaultValues: start(client, first) });
  const create = useWrite("post", "/api/clients", TOUCHES);
  const update = useWrite("put", "/api/clients/{client_id}", TOUCHES);
  const save = async ({ entity: owner, ...values }: Values) => {
    const body = {
      ...values,
      delivery_mode: values.delivery_mode as "daily",
      return_window_days: Number(values.return_window_days) || 0,
      payment_terms_days: Number(values.payment_terms_days) || 0,
      vat_rate: amount(values.vat_rate) ?? "0",
    };
    const saved = client
      ? await update.mutateAsync({ path: { client_id: client.id }, body })
      : await create.mutateAsync({ body: { ...body, entity: owner } as Schema<"ClientCreate"> });
    void navigate(href(`/admin/clients/${saved.client.id}`));
  };
  return (
    <Page title={client ? t("edit_title", { name: client.name }) : t("new_title")} narrow="form">
      <FormPage form={form} onSave={save}>
        <Card title={t("identity")}><Identity form={form} entities={client ? [] : entities} /></Card>
        <Card title={t("sending")}><Sending form={form} /></Card>
        <Card title={t("billing_identity")} note={t("billing_help")}><Billing form={form} /></Card>
      </FormPage>
    </Page>
  );
}

type Given = { form: ReturnType<typeof useForm<Values>> };

function Text({ form, name, optional, help }: Given & { name: (typeof TEXTS)[number]; optional?: boolean; help?: string }) {
  const label: Record<string, string> = { billing_address: t("address"), billing_postcode: t("postcode"), billing_city: t("city") };
  const words = label[name] ?? t(name as "name");
  return (
    <TextInput
      label={optional ? `${words} ${t("optional")}` : words}
      description={help}
      error={form.formState.errors[name]?.message}
      {...form.register(name, optional ? {} : { required: t("needed") })}
    />
  );
}

function Identity({ form, entities }: Given & { entities: string[] }) {
  return (
    <div className="form">
      {entities.length > 1 && <Controller control={form.control} name="entity" rules={{ required: t("no_entity") }} render={({ field, fieldState }) => <Select label={t("entity")} data={entities} allowDeselect={false} {...field} value={field.value || null} error={fieldState.error?.message} />} />}
      <Text form={form} name="name" />
      <Text form={form} name="email" help={t("email_help")} />
      <Text form={form} name="contact_name" optional />
      <Text form={form} name="phone" optional />
      <Textarea label={`${t("notes")} ${t("optional")}`} autosize minRows={2} {...form.register("notes")} />
    </div>
  );
}

function Sending({ form }: Given) {
  const { errors } = form.formState;
  return (
    <div className="form">
      <Controller control={form.control} name="delivery_emails" render={({ field }) => <TagsInput label={`${t("delivery_emails")} ${t("optional")}`} description={t("emails_help")} splitChars={[",", ";", " "]} {...field} error={errors.delivery_emails?.message} />} />
      <Controller control={form.control} name="auto_send_enabled" render={({ field: { value, ...field } }) => <Switch label={t("auto_send")} checked={value} {...field} />} />
      <Controller control={form.control} name="delivery_mode" render={({ field }) => <Select label={t("mode_label")} data={[{ value: "daily", label: t("daily") }, { value: "instant", label: t("instant") }]} allowDeselect={false} {...field} />} />
      <Controller control={form.control} name="return_window_days" render={({ field }) => <NumberInput label={t("window")} description={t("window_help")} min={0} max={90} allowDecimal={false} hideControls {...field} error={errors.return_window_days?.message} />} />
    </div>
  );
}

function Billing({ form }: Given) {
  const { errors } = form.formState;
  return (
    <div className="form">
      <div className="pair">
        <Text form={form} name="siren" optional />
        <Text form={form} name="tva_number" optional />
      </div>
      <Text form={form} name="billing_address" optional />
      <div className="pair">
        <Text form={form} name="billing_postcode" optional />
        <Text form={form} name="billing_city" optional />
      </div>
      <Text form={form} name="billing_email" optional />
      <div className="pair">
        <TextInput label={`${t("vat")} (%)`} inputMode="decimal" error={errors.vat_rate?.message} {...form.register("vat_rate", { required: t("needed") })} />
        <Controller control={form.control} name="payment_terms_days" render={({ field }) => <NumberInput label={t("terms_days")} min={0} max={365} allowDecimal={false} hideControls {...field} error={errors.payment_terms_days?.message} />} />
      </div>
    </div>
  );
}
