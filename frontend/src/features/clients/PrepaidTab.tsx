import { NumberInput, Select, Textarea } from "@mantine/core";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useRead, useWrite } from "@/api/hooks";
import { useCan } from "@/app/session";
import { number } from "@/lib/format";
import { Button } from "@/ui/Button";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormDialog } from "@/ui/FormDialog";
import { Card } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { balance, optionsOf, produit } from "@/words/states";
import type { Detail } from "./ClientPage";
import { t } from "./words";

export function PrepaidTab({ client }: { client: Detail }) {
  const can = useCan();
  const [open, setOpen] = useState(false);
  const read = useRead("/api/clients/{client_id}/prepayment", { path: { client_id: client.id } });
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  const rows = read.data?.balances;
  return (
    <Card title={t("prepaid")} note={t("prepaid_note")} actions={can("billing.close") && <Button kind="primary" onClick={() => setOpen(true)}>{t("top_up")}</Button>}>
      {!rows && <Lines count={3} />}
      {rows?.length === 0 && <NothingYet>{t("no_balance")}</NothingYet>}
      {!!rows?.length && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("prepaid")}>
          <table className="mini">
            <thead>
              <tr>
                <th scope="col">{t("produit")}</th>
                <th scope="col">{t("status")}</th>
                {(["bought", "delivered", "reserved", "remaining"] as const).map((one) => <th key={one} scope="col" className="right">{t(one)}</th>)}
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.product_code}>
                  <td>{one.product_code}</td>
                  <td><Pill of={balance} value={one.status} /></td>
                  <td className="right">{number(one.units_purchased_total)}</td>
                  <td className="right">{number(one.units_delivered_total)}</td>
                  <td className="right">{number(one.units_reserved)}</td>
                  <td className="right">{number(one.units_remaining)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {open && <TopUp client={client} onClose={() => setOpen(false)} />}
    </Card>
  );
}

function TopUp({ client, onClose }: { client: Detail; onClose: () => void }) {
  const form = useForm<{ product_code: string; units_to_add: number | string; note: string }>({ defaultValues: { product_code: "PV", units_to_add: "", note: "" } });
  const write = useWrite("post", "/api/clients/{client_id}/prepayment/add-units", ["/api/clients", "/api/invoices", "/api/cockpit"]);
  const { errors } = form.formState;
  return (
    <FormDialog
      title={t("top_up_title", { name: client.name })}
      action={t("top_up")}
      done={t("topped")}
      form={form}
      onClose={onClose}
      onSave={(values) => write.mutateAsync({ path: { client_id: client.id }, body: { ...values, units_to_add: Number(values.units_to_add) } })}
    >
      <p>{t("top_up_help")}</p>
      <Controller control={form.control} name="product_code" render={({ field }) => <Select label={t("produit")} data={optionsOf(produit)} allowDeselect={false} {...field} />} />
      <Controller control={form.control} name="units_to_add" rules={{ required: t("needed") }} render={({ field }) => <NumberInput label={t("units")} min={1} allowDecimal={false} hideControls {...field} error={errors.units_to_add?.message} />} />
      <Textarea label={`${t("note")} ${t("optional")}`} {...form.register("note")} />
    </FormDialog>
  );
}
