/** Code fetched apart from the page that shows it. */
import { lazy, useState, type ComponentType, type ReactNode } from "react";

type Load<P> = () => Promise<{ default: ComponentType<P> }>;
export type Later<P> = ((props: P) => ReactNode) & { fetch: () => void };

/**
 * `lazy` that can be fetched ahead. React shows what a `Suspense` waited for 300 ms after its fallback at the soonest;
 * what is here already is shown at once, without one.
 */
export function later<P extends object>(load: Load<P>): Later<P> {
  let here: ComponentType<P> | undefined;
  const read: Load<P> = async () => {
    const module = await load();
    here = module.default;
    return module;
  };
  const Waited = lazy(read) as unknown as ComponentType<P>;
  function Later(props: P) {
    const [Shown] = useState(() => here ?? Waited); // one for as long as it is shown: its state stays
    return <Shown {...props} />;
  }
  // A failure is told by the page itself, which asks again.
  return Object.assign(Later, { fetch: () => void read().catch(() => undefined) });
}
