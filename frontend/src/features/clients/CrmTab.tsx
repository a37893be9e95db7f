import { Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { Controller, useForm } from "react-hook-form";
import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { amount, typed } from "@/lib/amounts";
import { date, dateTime, money } from "@/lib/format";
import { Button } from "@/ui/Button";
import { FormPage } from "@/ui/FormPage";
import { Card, Facts, Timeline } from "@/ui/Page";
import { toast } from "@/ui/toasts";
import { accounting, clientStatus, optionsOf, textOf } from "@/words/states";
import type { Detail } from "./ClientPage";
import { t } from "./words";

const METHODS = ["transfer", "card", "cheque", "debit"] as const;

export function CrmTab({ client }: { client: Detail }) {
  const can = useCan();
  return (
    <div className="columns">
      <Card title={t("crm_client")}>{can("clients.crm") ? <Form client={client} /> : <Facts rows={read(client)} />}</Card>
      <Card title={t("internal_notes")}>
        <div className="stack">
        {can("clients.crm") && <NewNote client={client} />}
        {client.internal_notes.length === 0 ? (
          <p className="muted">{t("no_note")}</p>
        ) : (
          <Timeline shown={dateTime} moments={[...client.internal_notes].reverse().map((one) => ({ id: one.id, at: one.created_at, title: one.text, detail: t("by", { who: one.author }) }))} />
        )}
        </div>
      </Card>
    </div>
  );
}

function read(client: Detail): [string, string | null][] {
  return [
    [t("status"), textOf(clientStatus, client.client_status as never)],
    [t("accounting"), textOf(accounting, client.accounting_status as never)],
    [t("payment_terms"), client.payment_terms],
    [t("payment_method"), client.payment_method],
    [t("last_payment_date"), client.last_payment_date && date(client.last_payment_date)],
    [t("last_payment_amount"), client.last_payment_amount && money(client.last_payment_amount)],
    [t("tags"), client.tags.join(", ")],
  ];
}

function start(client: Detail) {
  const { client_status, accounting_status, payment_terms, payment_method, tags } = client;
  const paid = { last_payment_date: client.last_payment_date ?? "", last_payment_amount: typed(client.last_payment_amount ?? "") };
  return { client_status, accounting_status, payment_terms, payment_method, tags, ...paid };
}

function Form({ client }: { client: Detail }) {
  const form = useForm({ defaultValues: start(client) });
  const write = useWrite("put", "/api/clients/{client_id}/crm", ["/api/clients", "/api/cockpit"]);
  const { errors } = form.formState;
  const save = (values: ReturnType<typeof start>) =>
    write.mutateAsync({
      path: { client_id: client.id },
      body: { ...values, last_payment_date: values.last_payment_date || null, last_payment_amount: amount(values.last_payment_amount) } as Schema<"CrmBody">,
    });
  const methods = METHODS.map((one) => t(one));
  return (
    <FormPage form={form} onSave={save}>
      <Controller control={form.control} name="client_status" render={({ field }) => <Select label={t("status")} description={t("suspended_help")} data={optionsOf(clientStatus)} allowDeselect={false} {...field} />} />
      <Controller control={form.control} name="accounting_status" render={({ field }) => <Select label={t("accounting")} data={optionsOf(accounting)} allowDeselect={false} {...field} />} />
      <TextInput label={`${t("payment_terms")} ${t("optional")}`} error={errors.payment_terms?.message} {...form.register("payment_terms")} />
      <Controller control={form.control} name="payment_method" render={({ field }) => <Select label={`${t("payment_method")} ${t("optional")}`} data={methods.includes(field.value) || !field.value ? methods : [...methods, field.value]} {...field} value={field.value || null} onChange={(value) => field.onChange(value ?? "")} />} />
      <div className="pair">
        <TextInput type="date" label={`${t("last_payment_date")} ${t("optional")}`} error={errors.last_payment_date?.message} {...form.register("last_payment_date")} />
        <TextInput label={`${t("last_payment_amount")} ${t("optional")}`} inputMode="decimal" error={errors.last_payment_amount?.message} {...form.register("last_payment_amount")} />
      </div>
      <Controller control={form.control} name="tags" render={({ field }) => <TagsInput label={`${t("tags")} ${t("optional")}`} maxTags={20} {...field} error={errors.tags?.message} />} />
    </FormPage>
  );
}

function NewNote({ client }: { client: Detail }) {
  const form = useForm({ defaultValues: { text: "" } });
  const write = useWrite("post", "/api/clients/{client_id}/notes", ["/api/clients"]);
  const add = form.handleSubmit(async (body) => {
    try {
      await write.mutateAsync({ path: { client_id: client.id }, body });
      form.reset();
      toast.done(t("note_added"));
    } catch (error) {
      toast.failed(error);
    }
  });
  return (
    <form className="form" onSubmit={(event) => void add(event)} noValidate>
      <Textarea label={t("note")} autosize minRows={2} error={form.formState.errors.text?.message} {...form.register("text", { required: t("needed") })} />
      <div>
        <Button type="submit" busy={write.isPending}>{t("add_note")}</Button>
      </div>
    </form>
  );
}
