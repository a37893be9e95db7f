/** What a provider's leads cost, from which day, and what its last weeks leave. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan, useSession } from "@/app/session";
import { date, money } from "@/lib/format";
import { parisDay, weekLabel } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormDialog } from "@/ui/FormDialog";
import { Card } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { amountTyped } from "@/features/invoices/rules";
import { marginColumns } from "./figures";
import { t } from "./words";

type Books = Schema<"ProviderBooks">;
type Produit = Books["produits"][number];
type Line = { produit: Produit; cost: Schema<"Cost"> | null };

export function ProviderBooks({ providerId }: { providerId: string }) {
  const can = useCan();
  const read = useRead("/api/providers/{provider_id}/margin", { path: { provider_id: providerId } });
  const [editing, setEditing] = useState<Line>();
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Lines count={8} />;
  const { current, history, produits, weeks } = read.data;
  const lines = produits.map((produit, at) => ({ produit, cost: current[at] ?? null }));
  return (
    <>
      <Card title={t("costs")} note={t("costs_note")}>
        <PlainTable<Line>
          label={t("costs")}
          rows={lines}
          rowId={(one) => one.produit}
          columns={[
            { key: "produit", label: t("produit"), card: "title", render: (one) => one.produit },
            { key: "price", label: t("price"), align: "right", card: "fact", render: (one) => <Price cost={one.cost} /> },
            { key: "since", label: t("since"), card: "fact", render: (one) => date(one.cost?.valid_from) },
            ...(can("billing.manage")
              ? [{ key: "set", label: t("action_column"), card: "fact" as const, render: (one: Line) => <Button onClick={() => setEditing(one)}>{t("set")}</Button> }]
              : []),
          ]}
          nothing={null}
        />
      </Card>
      <Card title={t("weeks")}>
        <div className="stack">
          <p className="note">{t("provider_note")}</p>
          <PlainTable<Schema<"ProviderWeek">>
            label={t("weeks")}
            rows={weeks}
            rowId={(one) => one.week_key}
            columns={marginColumns({ key: "week", label: t("week"), card: "title", render: (one) => weekLabel(one.week_key) })}
            nothing={null}
          />
        </div>
      </Card>
      <Card title={t("history")}>
        <PlainTable
          label={t("history")}
          rows={history}
          rowId={(one) => `${one.produit}|${one.valid_from}`}
          columns={[
            { key: "produit", label: t("produit"), card: "title", render: (one) => one.produit },
            { key: "since", label: t("since"), card: "fact", render: (one) => date(one.valid_from) },
            { key: "price", label: t("price"), align: "right", card: "fact", render: (one) => <Price cost={one} /> },
            { key: "by", label: t("by"), render: (one) => one.by },
          ]}
          nothing={<p className="muted">{t("no_history")}</p>}
        />
      </Card>
      {editing && <CostDialog providerId={providerId} line={editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function Price({ cost }: { cost: Schema<"Cost"> | null }) {
  return cost?.cost_ht == null ? <TonePill tone="warning">{t("unknown")}</TonePill> : <>{money(cost.cost_ht)}</>;
}

function CostDialog({ providerId, line, onClose }: { providerId: string; line: Line; onClose: () => void }) {
  const { now } = useSession();
  const form = useForm({ defaultValues: { cost_ht: line.cost?.cost_ht?.replace(".", ",") ?? "", valid_from: parisDay(new Date(now)) } });
  const write = useWrite("post", "/api/providers/{provider_id}/costs", ["/api/providers", "/api/margin"]);
  const { errors } = form.formState;
  const save = (values: { cost_ht: string; valid_from: string }) =>
    write.mutateAsync({
      path: { provider_id: providerId },
      body: { produit: line.produit, cost_ht: values.cost_ht.trim() ? amountTyped(values.cost_ht) : null, valid_from: values.valid_from },
    });
  const typed = (value: string) => !value.trim() || amountTyped(value) !== null || t("not_amount");
  return (
    <FormDialog title={t("set_title", { produit: line.produit })} action={t("set_action")} done={t("saved")} form={form} onSave={save} onClose={onClose}>
      <TextInput label={t("price")} description={t("price_help")} inputMode="decimal" error={errors.cost_ht?.message} {...form.register("cost_ht", { validate: typed })} />
      <TextInput type="date" label={t("from")} description={t("from_help")} error={errors.valid_from?.message} {...form.register("valid_from", { required: t("day_needed") })} />
    </FormDialog>
  );
}
