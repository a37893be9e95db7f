/** What left, day by day, against the week before; of one produit when there are several. */
import { useState } from "react";
import type { Schema } from "@/api/types";
import { day, shortDay } from "@/lib/format";
import { defineWords } from "@/lib/i18n";
import { Chart } from "@/ui/Chart";

const t = defineWords("sent_by_day", {
  fr: { produit: "Produit", all_produits: "Tous les produits", this_week: "cette semaine", week_before: "semaine précédente" },
  en: {},
});

export function SentByDay({ title, days, of = "" }: {
  title: string;
  days: Schema<"DaySent">[];
  /** What the list behind a day is narrowed to, as the end of an address. */
  of?: string;
}) {
  const produits = Object.keys(days[0]?.by_produit ?? {});
  const [asked, setAsked] = useState("");
  const produit = produits.includes(asked) ? asked : "";
  return (
    <Chart
      choice={
        produits.length > 1 && (
          <select aria-label={t("produit")} value={produit} onChange={(event) => setAsked(event.target.value)}>
            <option value="">{t("all_produits")}</option>
            {produits.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        )
      }
      title={title}
      series={[t("this_week"), t("week_before")]}
      compares
      points={days.map((one) => {
        const seen = produit ? one.by_produit?.[produit as "PV"] ?? one : one;
        return {
          label: shortDay(one.day),
          full: day(one.day),
          values: [seen.sent, seen.before],
          running: one.before_so_far !== null,
          ahead: one.sent === null,
          soFar: seen.before_so_far,
          ...(one.sent === null ? {} : { to: `/admin/deliveries?status=sent&sent_day=${one.day}${produit ? `&produit=${produit}` : ""}${of}` }),
        };
      })}
    />
  );
}
