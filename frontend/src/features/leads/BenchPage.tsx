/** The test bench: a lead that takes nothing, and every commande considered with why not. */
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useRead, useWrite } from "@/api/hooks";
import { useScope } from "@/app/scope";
import { useSession } from "@/app/session";
import { Button } from "@/ui/Button";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { refuse } from "@/ui/FormPage";
import { Link } from "@/ui/Link";
import { Card, Page } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { foreseen, reasonOf, refusal } from "@/words/reasons";
import { leadStatus, optionsOf, produit, type LeadStatus } from "@/words/states";
import { newKey } from "./EntryPage";
import { t } from "./words";

const EMPTY = { entity: "", produit: "PV" as string, phone: "", nom: "Essai", departement: "", source: "essai", form_code: "" };

export default function BenchPage() {
  const [id, setId] = useState<string>();
  return (
    <Page title={t("bench")} intro={t("bench_intro")} narrow="record">
      <div className="columns">
        <Card title={t("bench_result")}>{id ? <Result id={id} /> : <p className="muted">{t("bench_wait")}</p>}</Card>
        <Try tried={setId} />
      </div>
    </Page>
  );
}

function Try({ tried }: { tried: (id: string) => void }) {
  const { entity, entities } = useScope();
  const { user } = useSession();
  const enter = useWrite("post", "/api/leads", []);
  const mine = user.role === "super_admin" ? (entity ?? "") : user.entity;
  const form = useForm<typeof EMPTY>({ defaultValues: { ...EMPTY, entity: mine } });
  const { errors, isSubmitting } = form.formState;
  const needed = { required: t("needed") };
  const go = form.handleSubmit(async ({ produit: sold, entity: owner, ...given }) => {
    try {
      const body = { ...given, entity: owner || null, produit: sold as "PV", prenom: "", email: "", consent: null, test: true };
      tried((await enter.mutateAsync({ key: newKey(), body })).lead_id);
    } catch (error) {
      refuse(form, error);
    }
  });
  const refused = errors.root?.cause as unknown;
  return (
    <Card>
      <form className="stack" onSubmit={(event) => void go(event)} noValidate>
        {!mine && (
          <Controller
            control={form.control}
            name="entity"
            rules={needed}
            render={({ field, fieldState }) => <Select label={t("entity")} data={entities} {...field} value={field.value || null} error={fieldState.error?.message} />}
          />
        )}
        <Controller control={form.control} name="produit" render={({ field }) => <Select label={t("produit")} data={optionsOf(produit)} allowDeselect={false} {...field} />} />
        <TextInput label={t("phone")} description={t("phone_help")} type="tel" error={errors.phone?.message} {...form.register("phone", needed)} />
        <TextInput label={t("departement")} description={t("departement_help")} error={errors.departement?.message} {...form.register("departement", needed)} />
        <TextInput label={`${t("bench_source")} ${t("optional")}`} error={errors.source?.message} {...form.register("source")} />
        <TextInput label={`${t("bench_form")} ${t("optional")}`} error={errors.form_code?.message} {...form.register("form_code")} />
        {refused !== undefined && <ErrorBlock error={refused} />}
        <Button kind="primary" type="submit" busy={isSubmitting}>{t("bench_send")}</Button>
      </form>
    </Card>
  );
}

function Result({ id }: { id: string }) {
  const read = useRead("/api/leads/{lead_id}", { path: { lead_id: id } });
  if (read.error) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Lines count={5} />;
  const lead = read.data;
  const order = ["chosen", "next"];
  const rank = (reason: string | null | undefined) => (order.indexOf(reason ?? "") + 3) % 3;
  const rows = [...lead.considered].sort((a, b) => rank(a.reason) - rank(b.reason));
  return (
    <div className="stack" role="status">
      <span className="inline">
        <Pill of={leadStatus} value={(lead.would_status ?? "new") as LeadStatus} />
        <Link to={`/admin/leads/${lead.id}`}>{t("bench_lead")}</Link>
      </span>
      {rows.length === 0 && <p className="muted">{t("bench_nobody")}</p>}
      <ul className="plain">
        {rows.map((one) => (
          <li key={one.commande_id ?? one.entity}>
            {one.commande_id ? (
              <>
                <TonePill tone={one.reason === "chosen" ? "success" : one.reason === "next" ? "info" : "neutral"}>{reasonOf({ ...refusal, ...foreseen }, one.reason)}</TonePill>
                <Link to={`/admin/commandes/${one.commande_id}`}>{one.client_name}</Link>
                <EntityBadge code={one.entity} />
              </>
            ) : (
              t("others", { entity: one.entity, count: one.commandes ?? 0 })
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
