import type { ComponentProps } from "react";
import { Link as Routed } from "react-router";
import { useHref } from "@/app/scope";

/** A link of the dashboard: it keeps the scope. Use it, never react-router's. */
export function Link({ to, ...rest }: Omit<ComponentProps<typeof Routed>, "to"> & { to: string }) {
  const href = useHref();
  return <Routed to={href(to)} {...rest} />;
}
