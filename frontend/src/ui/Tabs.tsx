/** The parts of a record, one at a time; which one is in the address (`?onglet=`). */
import { useSearchParams } from "react-router";
import { Link } from "./Link";

export interface Tab {
  key: string;
  label: string;
}

/** The tab of the address, else the first. */
export function useTab(tabs: readonly Tab[]): string {
  const [params] = useSearchParams();
  const asked = params.get("onglet");
  return tabs.find((one) => one.key === asked)?.key ?? tabs[0]?.key ?? "";
}

export function Tabs({ label, base, tabs, open }: { label: string; base: string; tabs: readonly Tab[]; open: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((one, at) => (
        <Link key={one.key} to={at === 0 ? base : `${base}?onglet=${one.key}`} aria-current={one.key === open ? "page" : undefined} preventScrollReset>
          {one.label}
        </Link>
      ))}
    </nav>
  );
}
