import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useRead, useWrite } from "@/api/hooks";
import { useCan } from "@/app/session";
import { amountTyped } from "@/features/invoices/rules";
import { dateTime, money } from "@/lib/format";
import { Button } from "@/ui/Button";
import type { Column } from "@/ui/DataTable";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { AskDialog } from "@/ui/AskDialog";
import { TonePill } from "@/ui/Pill";
import { PlainTable } from "@/ui/PlainTable";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import type { produit } from "@/words/states";
import { direction, missingOf } from "./rules";
import { TOUCHES } from "./Transfers";
import { t } from "./words";

interface Row {
  id: string;
  from: string;
  to: string;
  product: string;
  price: string | null;
  updated: string | null;
}

/** What one lead costs between two entities; what is missing comes first. */
export function Prices() {
  const can = useCan();
  const prices = useRead("/api/intercompany/pricing");
  const [editing, setEditing] = useState<Row>();
  if (prices.error && !prices.data) return <ErrorBlock error={prices.error} retry={() => void prices.refetch()} />;
  if (!prices.data) return <Lines count={6} />;
  const missing = prices.data.missing.map(missingOf).filter((one) => one !== null);
  const rows: Row[] = [
    ...missing.map((one) => ({ ...one, id: `${one.from}:${one.to}:${one.product}`, price: null, updated: null })),
    ...prices.data.pricing.map((one) => ({
      id: one.id, from: one.from_entity, to: one.to_entity, product: one.product, price: one.unit_price_ht, updated: one.updated_at,
    })),
  ];
  return (
    <>
      <PlainTable<Row>
        label={t("prices")}
        rows={rows}
        rowId={(one) => one.id}
        columns={columns(can("intercompany.manage") ? setEditing : undefined)}
        nothing={<NothingYet>{t("no_direction")}</NothingYet>}
      />
      {editing && <PriceDialog row={editing} close={() => setEditing(undefined)} />}
    </>
  );
}

function columns(edit: ((row: Row) => void) | undefined): Column<Row>[] {
  const columns: Column<Row>[] = [
    { key: "direction", label: t("direction"), card: "title", render: (one) => direction(one.from, one.to) },
    { key: "product", label: t("product"), card: "fact", render: (one) => one.product },
    {
      key: "price", label: t("price"), align: "right", card: "pill",
      render: (one) => (one.price === null ? <TonePill tone="warning">{t("missing")}</TonePill> : money(one.price)),
    },
    { key: "updated", label: t("updated"), render: (one) => dateTime(one.updated) },
  ];
  if (!edit) return columns;
  const action: Column<Row> = {
    key: "action", label: t("action"), card: "fact",
    render: (one) => <Button onClick={() => edit(one)}>{one.price === null ? t("set") : t("change")}</Button>,
  };
  return [...columns, action];
}

function PriceDialog({ row, close }: { row: Row; close: () => void }) {
  const put = useWrite("put", "/api/intercompany/pricing", TOUCHES);
  const [price, setPrice] = useState(row.price?.replace(".", ",") ?? "");
  const typed = amountTyped(price);
  const save = async () => {
    if (typed === null) return;
    const product = row.product as keyof typeof produit;
    await put.mutateAsync({ body: { from_entity: row.from, to_entity: row.to, product, unit_price_ht: typed } });
    toast.done(t("price_saved"));
  };
  return (
    <AskDialog
      title={t("price_title", { direction: direction(row.from, row.to), product: row.product })}
      action={t("price_action")}
      close={close}
      save={save}
      wrong={typed === null ? t("amount_needed") : undefined}
    >
      {(fields) => (
        <>
          <TextInput label={t("price_field")} inputMode="decimal" value={price} onChange={(event) => setPrice(event.currentTarget.value)} error={fields.unit_price_ht} />
          <p className="note">{t("price_note")}</p>
        </>
      )}
    </AskDialog>
  );
}
