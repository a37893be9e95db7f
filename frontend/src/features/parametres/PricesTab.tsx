/** What a lead costs from one entity to another, and the prices that are missing. */
import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useRead, useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { useCan, useSession } from "@/app/session";
import { date, money } from "@/lib/format";
import { Button } from "@/ui/Button";
import { confirm } from "@/ui/confirm";
import { NotAllowed } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { toast } from "@/ui/toasts";
import { optionsOf, produit as produits } from "@/words/states";
import { t } from "./words";

type Body = Schema<"InternalPriceBody">;
const TOUCHED = ["/api/intercompany", "/api/settings", "/api/cockpit", "/api/system"];

export function PricesTab() {
  const can = useCan();
  const prices = useRead("/api/intercompany/pricing", { enabled: can("intercompany.view") });
  if (!can("intercompany.view")) return <NotAllowed name={t("prix")} />;
  if (!prices.data) return prices.error ? <ErrorBlock error={prices.error} retry={() => void prices.refetch()} /> : <Lines count={6} />;
  const { pricing, missing } = prices.data;
  return (
    <div className="page-form stack">
      {missing.length > 0 && <p className="notice notice-warning">{t("price_missing", { names: missing.map((one) => one.replace("->", " → ")).join(", ") })}</p>}
      <Card title={t("prix")}>
        {!pricing.length && <p className="muted">{t("no_price")}</p>}
        <ul className="todo">
          {pricing.map((one) => (
            <li key={one.id}>
              <span className="grow">
                {t("direction", { from: one.from_entity, to: one.to_entity })} · {one.product}
                <span className="note"> {date(one.updated_at)}</span>
              </span>
              <strong>{money(one.unit_price_ht)}</strong>
            </li>
          ))}
        </ul>
      </Card>
      {can("intercompany.manage") && <PriceForm />}
    </div>
  );
}

function PriceForm() {
  const codes = useSession().entities.map((one) => one.code);
  const all = codes.length > 1 ? codes : ["ZR7", "MDL"];
  const [from, setFrom] = useState(all[0] ?? "");
  const [product, setProduct] = useState<string>("PV");
  const [price, setPrice] = useState("");
  const write = useWrite("put", "/api/intercompany/pricing", TOUCHED);
  const to = all.find((one) => one !== from) ?? "";
  const amount = price.trim().replace(",", ".");
  const save = async () => {
    const words = { price: money(amount), produit: product, from, to };
    if (!(await confirm({ title: t("save_price_title", words), body: t("save_price_body"), action: t("save_price") }))) return;
    try {
      await write.mutateAsync({ body: { from_entity: from, to_entity: to, product: product as Body["product"], unit_price_ht: amount } });
      toast.done(t("price_saved"));
      setPrice("");
    } catch {
      // shown above the button
    }
  };
  return (
    <Card title={t("set_price")}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (amount) void save();
        }}
      >
        <NativeSelect label={t("from")} data={all} value={from} onChange={(event) => setFrom(event.currentTarget.value)} description={`${t("to")} ${to}`} />
        <NativeSelect label={t("produit")} data={optionsOf(produits)} value={product} onChange={(event) => setProduct(event.currentTarget.value)} />
        <TextInput label={t("price_ht")} inputMode="decimal" value={price} onChange={(event) => setPrice(event.currentTarget.value)} />
        {write.error && <ErrorBlock error={write.error} />}
        <div>
          <Button kind="primary" type="submit" busy={write.isPending} disabled={!amount}>
            {t("save_price")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
