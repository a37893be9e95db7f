/** The week of one client: its lines, its invoice, the units offered. */
import { NumberInput, Select, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useRead, useWrite } from "@/api/hooks";
import { useCan } from "@/app/session";
import { dateTime, money, number } from "@/lib/format";
import { monday, sunday } from "@/lib/weeks";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { EntityBadge } from "@/ui/EntityBadge";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { AskDialog } from "@/ui/AskDialog";
import { Facts } from "@/ui/Page";
import { Pill, TonePill } from "@/ui/Pill";
import { SidePanel } from "@/ui/SidePanel";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { creditReason, optionsOf, textOf, weekState } from "@/words/states";
import { InvoiceLink } from "./BillingPage";
import { TOUCHES, useIssue } from "./CloseDialog";
import { Price } from "./ProductTables";
import type { BillingRow, ClientRow } from "./rules";
import { t } from "./words";

interface Props {
  row: ClientRow;
  week: string;
  over: boolean;
  close: () => void;
  previous: string | undefined;
  next: string | undefined;
  open: (id: string | undefined) => void;
}

export function WeekPanel({ row, week, over, close, ...keys }: Props) {
  const can = useCan();
  const { issue, busy } = useIssue();
  return (
    <SidePanel title={row.client_name} {...keys}>
      <div className="stack">
        <span className="inline">
          <Pill of={weekState} value={row.state} />
          <EntityBadge code={row.entity} />
          {row.unpriced > 0 && <TonePill tone="warning">{t("unpriced", { count: row.unpriced })}</TonePill>}
        </span>
        {row.unpriced > 0 && row.state === "open" && <p>{t("set_price")}</p>}
        {can("billing.close") && (
          <div className="inline">
            {row.state === "open" && (
              <Button refusal={over ? undefined : t("not_over")} onClick={close}>
                {t("close")}
              </Button>
            )}
            {row.invoice_id && row.invoice_status === "draft" && (
              <Button busy={busy} onClick={() => void issue(row)}>
                {t("issue")}
              </Button>
            )}
          </div>
        )}
        <Facts rows={facts(row)} />
        <ProductLines rows={row.rows} />
        <Credits row={row} week={week} />
        <div className="inline">
          <ButtonLink to={`/admin/deliveries?client_id=${row.client_id}&sent_week=${week}`}>{t("see_deliveries")}</ButtonLink>
          <ButtonLink to={`/admin/clients/${row.client_id}/releve?du=${monday(week)}&au=${sunday(week)}`}>{t("statement")}</ButtonLink>
        </div>
      </div>
    </SidePanel>
  );
}

function facts(row: ClientRow): [string, ReactNode][] {
  const rows: [string, ReactNode][] = [
    [t("ht"), money(row.ht)],
    [t("vat"), money(row.vat)],
    [t("ttc"), money(row.ttc)],
    [t("invoice"), <InvoiceLink key="invoice" id={row.invoice_id} label={row.invoice_number} />],
  ];
  if (row.closed_at) rows.push([t("closed_at"), dateTime(row.closed_at)], [t("closed_by"), row.closed_by]);
  if (row.forced) rows.push([t("forced"), row.forced]);
  return rows;
}

function ProductLines({ rows }: { rows: BillingRow[] }) {
  return (
    <table className="mini">
      <thead>
        <tr>
          <th scope="col">{t("product")}</th>
          <th scope="col" className="right">{t("units")}</th>
          <th scope="col" className="right">{t("free")}</th>
          <th scope="col" className="right">{t("price")}</th>
          <th scope="col" className="right">{t("ht")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={one.record_id}>
            <td>{one.product_code}</td>
            <td className="right">{number(one.units_billable)}</td>
            <td className="right">{number(one.units_free)}</td>
            <td className="right"><Price row={one} /></td>
            <td className="right">{one.billing_mode === "PREPAID" ? t("prepaid") : money(one.net_total_ht)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Units given for free, on one commande, in this week (rule of credits: never carried over). */
function Credits({ row, week }: { row: ClientRow; week: string }) {
  const can = useCan();
  const [offering, setOffering] = useState(false);
  const credits = useRead("/api/clients/{client_id}/credits", { path: { client_id: row.client_id }, query: { week_key: week } });
  const remove = useWrite("delete", "/api/clients/{client_id}/credits/{credit_id}", TOUCHES);
  const closed = row.state === "open" ? undefined : t("closed_no_credit");
  const withdraw = async (id: string, units: number) => {
    const names = { client: row.client_name, n: number(units) };
    const said = await confirm({ title: t("withdraw_title", names), body: t("withdraw_body"), action: t("withdraw_action"), danger: true });
    if (!said) return;
    try {
      await remove.mutateAsync({ path: { client_id: row.client_id, credit_id: id } });
      toast.done(t("withdrawn"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <section>
      <h2>{t("credits")}</h2>
      {credits.error ? <ErrorBlock error={credits.error} retry={() => void credits.refetch()} /> : !credits.data ? <Lines count={1} /> : (
        <ul className="plain">
          {credits.data.credits.length === 0 && <li className="muted">{t("no_credit")}</li>}
          {credits.data.credits.map((one) => (
            <li key={one.id}>
              <span className="grow">
                {number(one.quantity_units_free)} {one.product_code} · {textOf(creditReason, one.reason)} {one.note && <span className="note">{one.note}</span>}
              </span>
              {can("billing.manage") && (
                <Button refusal={closed} busy={remove.isPending} onClick={() => void withdraw(one.id, one.quantity_units_free)}>
                  {t("withdraw")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {can("billing.manage") && (
        <Button refusal={closed} onClick={() => setOffering(true)}>
          {t("offer")}
        </Button>
      )}
      {offering && <OfferDialog row={row} week={week} close={() => setOffering(false)} />}
    </section>
  );
}

function OfferDialog({ row, week, close }: { row: ClientRow; week: string; close: () => void }) {
  const add = useWrite("post", "/api/clients/{client_id}/credits", TOUCHES);
  const [record, setRecord] = useState(row.rows[0]?.record_id ?? "");
  const [units, setUnits] = useState<string | number>(1);
  const [reason, setReason] = useState<keyof typeof creditReason>("geste_commercial");
  const [note, setNote] = useState("");
  const chosen = row.rows.find((one) => one.record_id === record);
  const quantity = Math.trunc(Number(units));
  const save = async () => {
    if (!chosen) return;
    const body = { order_id: chosen.order_id, product_code: chosen.product_code, week_key: week, quantity_units_free: quantity, reason, note };
    await add.mutateAsync({ path: { client_id: row.client_id }, body });
    toast.done(t("offered"));
  };
  return (
    <AskDialog
      title={t("offer_title", { client: row.client_name })}
      action={t("offer_action")}
      close={close}
      save={save}
      wrong={chosen && quantity >= 1 ? undefined : t("quantity_needed")}
    >
      {(fields) => (
        <>
          <Select
            label={t("order")}
            data={row.rows.map((one) => ({ value: one.record_id, label: t("all_free", { product: one.product_code, n: number(one.units_billable) }) }))}
            value={record}
            onChange={(value) => setRecord(value ?? "")}
            allowDeselect={false}
            error={fields.order_id}
          />
          <NumberInput label={t("quantity")} value={units} onChange={setUnits} min={1} allowDecimal={false} error={fields.quantity_units_free} hideControls />
          <Select label={t("reason")} data={optionsOf(creditReason)} value={reason} onChange={(value) => value && setReason(value as keyof typeof creditReason)} allowDeselect={false} />
          <TextInput label={t("note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        </>
      )}
    </AskDialog>
  );
}
