import { Tooltip } from "@mantine/core";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "@/ui/Link";

type Kind = "primary" | "default" | "quiet" | "danger";
interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  icon?: ReactNode;
  busy?: boolean;
  /** Why it cannot be used: it stays readable, and says so. */
  refusal?: string | undefined;
}

/** One `primary` per view. */
export function Button({ kind = "default", icon, busy, refusal, children, className = "", ...rest }: Props) {
  const off = busy || refusal !== undefined || rest.disabled;
  const button = (
    <button
      type="button"
      {...rest}
      className={`btn btn-${kind} ${className}`}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      onClick={off ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? <span className="spinner" aria-hidden /> : icon}
      {children}
    </button>
  );
  return refusal ? <Tooltip label={refusal}>{button}</Tooltip> : button;
}

export function ButtonLink({ to, kind = "default", children }: { to: string; kind?: Kind; children: ReactNode }) {
  return (
    <Link to={to} className={`btn btn-${kind}`}>
      {children}
    </Link>
  );
}

/** An icon alone has a name and shows it. */
export function IconButton({ label, icon, ...rest }: { label: string; icon: ReactNode } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <Tooltip label={label} openDelay={400}>
      <button type="button" aria-label={label} {...rest} className={`icon-btn ${rest.className ?? ""}`}>
        {icon}
      </button>
    </Tooltip>
  );
}
