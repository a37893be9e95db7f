import { useId } from "react";
import { useSearchParams } from "react-router";

/** The view of a page, in the address (`?vue=mois`); the first one when absent. Other filters of the page are left behind. */
export function useView<K extends string>(views: readonly [K, ...K[]]): [K, (view: K) => void] {
  const [params, setParams] = useSearchParams();
  const view = views.find((one) => one === params.get("vue")) ?? views[0];
  const choose = (next: K) =>
    setParams((before) => {
      const after = new URLSearchParams();
      for (const kept of ["entite", "semaine"]) if (before.get(kept)) after.set(kept, before.get(kept) ?? "");
      if (next !== views[0]) after.set("vue", next);
      return after;
    });
  return [view, choose];
}

/** Two or three views of one page. */
export function Views<K extends string>({ label, views, view, choose }: {
  label: string; views: readonly { value: K; label: string }[]; view: K; choose: (view: K) => void;
}) {
  const name = useId(); // a side panel has views of its own: two groups of one name are one
  return (
    <div className="segmented views" role="radiogroup" aria-label={label}>
      {views.map((one) => (
        <label key={one.value}>
          <input type="radio" name={name} checked={view === one.value} onChange={() => choose(one.value)} />
          <span>{one.label}</span>
        </label>
      ))}
    </div>
  );
}
