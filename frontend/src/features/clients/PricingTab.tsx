/** What each lead costs the client today, and where the figure comes from. */
import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan } from "@/app/session";
import { amount, typed } from "@/lib/amounts";
import { date, money, rate } from "@/lib/format";
import { t as imports } from "@/features/imports/words";
import { Button, ButtonLink } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { NothingYet } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { FormDialog } from "@/ui/FormDialog";
import { Card, Facts } from "@/ui/Page";
import { TonePill } from "@/ui/Pill";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { billingMode, optionsOf, produit, textOf } from "@/words/states";
import type { Detail } from "./ClientPage";
import { t } from "./words";

type Pricing = Schema<"ClientPricing">;
type Quote = Schema<"QuoteView">;
const NEW_PRICE = { product_code: "PV", unit_price_eur: "", discount_pct: "", billing_mode: "WEEKLY_INVOICE", valid_from: "" };
const TOUCHES = ["/api/clients", "/api/cockpit"];

export function PricingTab({ client }: { client: Detail }) {
  const can = useCan();
  const read = useRead("/api/clients/{client_id}/pricing", { path: { client_id: client.id } });
  const [open, setOpen] = useState<"price" | "defaults" | null>(null);
  if (read.error && !read.data) return <ErrorBlock error={read.error} retry={() => void read.refetch()} />;
  if (!read.data) return <Lines count={8} />;
  const pricing = read.data;
  const manage = can("billing.manage");
  return (
    <div className="stack">
      <Card title={t("effective")} note={t("effective_note")} actions={
          manage && (
            <>
              <ButtonLink to="/admin/import?quoi=prices">{imports("link")}</ButtonLink>
              <Button kind="primary" onClick={() => setOpen("price")}>{t("set_price")}</Button>
            </>
          )
        }>
        {pricing.pricing_missing.length > 0 && (
          <p className="inline alert-line"><TonePill tone="warning">{t("price_missing")}</TonePill> {t("missing_alert", { what: pricing.pricing_missing.join(", ") })}</p>
        )}
        {pricing.effective.length ? <Effective pricing={pricing} client={client} manage={manage} /> : <NothingYet>{t("no_price")}</NothingYet>}
      </Card>
      <Card title={t("defaults")} actions={manage && <Button onClick={() => setOpen("defaults")}>{t("set_defaults")}</Button>}>
        <Facts rows={[[t("discount"), rate(pricing.global.discount_pct_global)], [t("vat"), `${rate(pricing.global.tva_rate)} (${t(`tva_${pricing.global.tva_origin}`)})`]]} />
      </Card>
      {pricing.history.length > 0 && <History pricing={pricing} />}
      {open === "price" && <PriceDialog client={client} onClose={() => setOpen(null)} />}
      {open === "defaults" && <DefaultsDialog client={client} pricing={pricing} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Effective({ pricing, client, manage }: { pricing: Pricing; client: Detail; manage: boolean }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("effective")}>
      <table className="mini">
        <thead>
          <tr>
            <th scope="col">{t("produit")}</th>
            <th scope="col" className="right">{t("price")}</th>
            <th scope="col" className="right">{t("discount")}</th>
            <th scope="col" className="right">{t("net")}</th>
            <th scope="col">{t("billing_mode")}</th>
            <th scope="col">{t("origin")}</th>
            <th scope="col"><span className="sr-only">{t("edit")}</span></th>
          </tr>
        </thead>
        <tbody>{pricing.effective.map((one) => <QuoteLine key={one.product_code} quote={one} client={client} manage={manage} />)}</tbody>
      </table>
    </div>
  );
}

function QuoteLine({ quote, client, manage }: { quote: Quote; client: Detail; manage: boolean }) {
  const remove = useWrite("delete", "/api/clients/{client_id}/pricing/product/{product_code}", TOUCHES);
  const ask = async () => {
    const names = { produit: quote.product_code, name: client.name };
    if (!(await confirm({ title: t("delete_price_title", names), body: t("delete_price_body"), action: t("delete_price"), danger: true }))) return;
    try {
      await remove.mutateAsync({ path: { client_id: client.id, product_code: quote.product_code } });
      toast.done(t("price_deleted"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <tr>
      <td>{quote.product_code}</td>
      <td className="right">{money(quote.unit_price_eur)}</td>
      <td className="right">{rate(quote.discount_pct)}</td>
      <td className="right">{money(quote.net_unit_eur)}</td>
      <td>{textOf(billingMode, quote.billing_mode)}</td>
      <td>{quote.pricing_missing ? <TonePill tone="warning">{t("price_missing")}</TonePill> : `${t("since")} ${date(quote.valid_from)}, ${t(`discount_${quote.discount_origin}`)}`}</td>
      <td className="right">{manage && !quote.pricing_missing && <Button kind="quiet" busy={remove.isPending} onClick={() => void ask()}>{t("delete_price")}</Button>}</td>
    </tr>
  );
}

function History({ pricing }: { pricing: Pricing }) {
  return (
    <Card title={t("history")}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="mini-scroll" tabIndex={0} role="region" aria-label={t("history")}>
        <table className="mini">
          <thead>
            <tr>
              <th scope="col">{t("produit")}</th>
              <th scope="col">{t("from")}</th>
              <th scope="col" className="right">{t("price")}</th>
              <th scope="col">{t("billing_mode")}</th>
              <th scope="col">{t("status")}</th>
            </tr>
          </thead>
          <tbody>
            {pricing.history.map((one) => (
              <tr key={one.id}>
                <td>{one.product_code}</td>
                <td>{date(one.valid_from)}</td>
                <td className="right">{money(one.unit_price_eur)}</td>
                <td>{textOf(billingMode, one.billing_mode)}</td>
                <td>{one.active ? t("in_force") : t("ended")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function PriceDialog({ client, onClose }: { client: Detail; onClose: () => void }) {
  const form = useForm({ defaultValues: NEW_PRICE });
  const write = useWrite("post", "/api/clients/{client_id}/pricing/product", TOUCHES);
  const { errors } = form.formState;
  const save = (values: typeof NEW_PRICE) =>
    write.mutateAsync({
      path: { client_id: client.id },
      body: {
        product_code: values.product_code,
        unit_price_eur: amount(values.unit_price_eur),
        discount_pct: amount(values.discount_pct),
        billing_mode: values.billing_mode as "PREPAID",
        valid_from: values.valid_from || null,
      },
    });
  return (
    <FormDialog title={t("set_price")} action={t("set_price")} done={t("price_saved")} form={form} onSave={save} onClose={onClose}>
      <Controller control={form.control} name="product_code" render={({ field }) => <Select label={t("produit")} data={optionsOf(produit)} allowDeselect={false} {...field} error={errors.product_code?.message} />} />
      <TextInput label={t("price")} description={t("price_help")} inputMode="decimal" error={errors.unit_price_eur?.message} {...form.register("unit_price_eur", { required: t("needed") })} />
      <TextInput label={`${t("discount")} ${t("optional")}`} description={t("discount_help")} inputMode="decimal" error={errors.discount_pct?.message} {...form.register("discount_pct")} />
      <Controller control={form.control} name="billing_mode" render={({ field }) => <Select label={t("billing_mode")} data={optionsOf(billingMode)} allowDeselect={false} {...field} />} />
      <TextInput type="date" label={`${t("from")} ${t("optional")}`} description={t("from_help")} error={errors.valid_from?.message} {...form.register("valid_from")} />
    </FormDialog>
  );
}

function DefaultsDialog({ client, pricing, onClose }: { client: Detail; pricing: Pricing; onClose: () => void }) {
  const { discount_pct_global, tva_rate, tva_origin } = pricing.global;
  const form = useForm({ defaultValues: { discount_pct_global: typed(discount_pct_global), tva_rate: tva_origin === "pricing" ? typed(tva_rate) : "" } });
  const write = useWrite("put", "/api/clients/{client_id}/pricing", TOUCHES);
  const { errors } = form.formState;
  const save = (values: { discount_pct_global: string; tva_rate: string }) =>
    write.mutateAsync({ path: { client_id: client.id }, body: { discount_pct_global: amount(values.discount_pct_global) ?? "0", tva_rate: amount(values.tva_rate) } });
  return (
    <FormDialog title={t("defaults")} action={t("set_defaults")} done={t("defaults_saved")} form={form} onSave={save} onClose={onClose}>
      <TextInput label={`${t("discount")} (%)`} inputMode="decimal" error={errors.discount_pct_global?.message} {...form.register("discount_pct_global")} />
      <TextInput label={`${t("vat")} (%) ${t("optional")}`} description={t("tva_help")} inputMode="decimal" error={errors.tva_rate?.message} {...form.register("tva_rate")} />
    </FormDialog>
  );
}
