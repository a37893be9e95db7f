/** What a lead costs from one entity to another, and the prices that are missing; they are set in Intersociétés. */
import { useRead } from "@/api/hooks";
import { useCan } from "@/app/session";
import { date, money } from "@/lib/format";
import { ButtonLink } from "@/ui/Button";
import { NotAllowed } from "@/ui/Empty";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { Card } from "@/ui/Page";
import { Lines } from "@/ui/Skeletons";
import { t } from "./words";

export function PricesTab() {
  const can = useCan();
  const prices = useRead("/api/intercompany/pricing", { enabled: can("intercompany.view") });
  if (!can("intercompany.view")) return <NotAllowed name={t("prix")} />;
  if (!prices.data) return prices.error ? <ErrorBlock error={prices.error} retry={() => void prices.refetch()} /> : <Lines count={6} />;
  const { pricing, missing } = prices.data;
  return (
    <div className="page-form stack">
      {missing.length > 0 && <p className="notice notice-warning">{t("price_missing", { names: missing.map((one) => one.replace("->", " → ")).join(", ") })}</p>}
      <Card title={t("prix")} actions={<ButtonLink to="/admin/intercompany?vue=prix">{t(can("intercompany.manage") ? "set_price" : "see_prices")}</ButtonLink>}>
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
    </div>
  );
}
