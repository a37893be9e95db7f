/** Leads offered: free units of one commande in one week sent. */
import { NumberInput, Select, Textarea } from "@mantine/core";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan, useSession } from "@/app/session";
import { date, number } from "@/lib/format";
import { shiftWeek, weekLabel } from "@/lib/weeks";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormDialog } from "@/ui/FormDialog";
import { Card } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { creditReason, optionsOf, textOf } from "@/words/states";
import type { Detail } from "./ClientPage";
import { t } from "./words";

type Credit = Schema<"Credit">;
interface Offered {
  order_id: string;
  week_key: string;
  quantity_units_free: number | string;
  reason: string;
  note: string;
}

export function OffersTab({ client }: { client: Detail }) {
  const can = useCan();
  const [open, setOpen] = useState(false);
  const read = useRead("/api/clients/{client_id}/credits", { path: { client_id: client.id } });
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  const rows = read.data?.credits;
  return (
    <Card title={t("offers")} actions={can("billing.manage") && <Button kind="primary" onClick={() => setOpen(true)}>{t("offer")}</Button>}>
      {!rows && <Lines count={3} />}
      {rows?.length === 0 && <NothingYet>{t("no_offer")}</NothingYet>}
      {!!rows?.length && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("offers")}>
          <table className="mini">
            <thead>
              <tr>
                <th scope="col">{t("week")}</th>
                <th scope="col">{t("produit")}</th>
                <th scope="col" className="right">{t("quantity")}</th>
                <th scope="col">{t("reason")}</th>
                <th scope="col">{t("note")}</th>
                <th scope="col">{t("author")}</th>
                <th scope="col"><span className="sr-only">{t("remove_offer")}</span></th>
              </tr>
            </thead>
            <tbody>{rows.map((one) => <Line key={one.id} credit={one} client={client} />)}</tbody>
          </table>
        </div>
      )}
      {open && <Offer client={client} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function Line({ credit, client }: { credit: Credit; client: Detail }) {
  const can = useCan();
  const remove = useWrite("delete", "/api/clients/{client_id}/credits/{credit_id}", ["/api/clients", "/api/billing"]);
  const ask = async () => {
    const said = await confirm({ title: t("remove_offer_title", { count: credit.quantity_units_free }), body: t("remove_offer_body"), action: t("remove_offer"), danger: true });
    if (!said) return;
    try {
      await remove.mutateAsync({ path: { client_id: client.id, credit_id: credit.id } });
      toast.done(t("offer_removed"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <tr>
      <td>{weekLabel(credit.week_key)}</td>
      <td>{credit.product_code}</td>
      <td className="right">{number(credit.quantity_units_free)}</td>
      <td>{textOf(creditReason, credit.reason)}</td>
      <td>{credit.note}</td>
      <td>{credit.created_by}, {date(credit.created_at)}</td>
      <td className="right">{can("billing.manage") && <Button kind="quiet" busy={remove.isPending} onClick={() => void ask()}>{t("remove_offer")}</Button>}</td>
    </tr>
  );
}

function Offer({ client, onClose }: { client: Detail; onClose: () => void }) {
  const { week } = useSession();
  const orders = useRead("/api/commandes", { query: { client_id: client.id, active_only: false, limit: 100 } });
  const form = useForm<Offered>({
    defaultValues: { order_id: "", week_key: week, quantity_units_free: "", reason: "geste_commercial", note: "" },
  });
  const write = useWrite("post", "/api/clients/{client_id}/credits", ["/api/clients", "/api/billing"]);
  const { errors } = form.formState;
  const list = orders.data?.commandes ?? [];
  const save = (values: Offered) =>
    write.mutateAsync({
      path: { client_id: client.id },
      body: { ...values, quantity_units_free: Number(values.quantity_units_free), reason: values.reason as Credit["reason"], product_code: list.find((one) => one.id === values.order_id)?.produit ?? "PV" },
    });
  const weeksBack = [0, -1, -2, -3, -4].map((step) => shiftWeek(week, step)).map((value) => ({ value, label: weekLabel(value) }));
  return (
    <FormDialog title={t("offer")} action={t("offer")} done={t("offered")} form={form} onSave={save} onClose={onClose}>
      {orders.error && <ErrorBlock error={orders.error} />}
      <Controller control={form.control} name="order_id" rules={{ required: t("needed") }} render={({ field }) => <Select label={t("order")} data={list.map((one) => ({ value: one.id, label: `${one.produit}, ${one.departements.slice(0, 5).join(" ")}` }))} {...field} error={errors.order_id?.message} />} />
      <Controller control={form.control} name="week_key" render={({ field }) => <Select label={t("week")} data={weeksBack} allowDeselect={false} {...field} error={errors.week_key?.message} />} />
      <Controller control={form.control} name="quantity_units_free" rules={{ required: t("needed") }} render={({ field }) => <NumberInput label={t("quantity")} min={1} allowDecimal={false} hideControls {...field} error={errors.quantity_units_free?.message} />} />
      <Controller control={form.control} name="reason" render={({ field }) => <Select label={t("reason")} data={optionsOf(creditReason)} allowDeselect={false} {...field} />} />
      <Textarea label={`${t("note")} ${t("optional")}`} {...form.register("note")} />
    </FormDialog>
  );
}
