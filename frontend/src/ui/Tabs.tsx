/** The parts of a record, one at a time; which one is in the address (`?onglet=`). */
import { useSearchParams } from "react-router";
import { Link } from "./Link";

/** The current one is brought into view where they do not all fit; the page itself does not move. */
export function inView(node: HTMLElement | null): void {
  const strip = node?.getAttribute("aria-current") === "page" ? node.parentElement : null;
  if (node && strip) strip.scrollLeft = node.offsetLeft - strip.offsetLeft - 24;
}

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
        <Link key={one.key === open ? `${one.key}-open` : one.key} to={at === 0 ? base : `${base}?onglet=${one.key}`} aria-current={one.key === open ? "page" : undefined} ref={inView} preventScrollReset>
          {one.label}
        </Link>
      ))}
    </nav>
  );
}
