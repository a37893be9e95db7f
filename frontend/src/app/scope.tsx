/** Which entity is looked at: in the address (`?entite=ZR7`), for who may look at both; links keep it. */
import { createContext, useContext, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useSession } from "./session";

interface Scoped {
  /** `ZR7`, `MDL` or `BOTH`. */
  scope: string | undefined;
  /** The entity asked for with `entity=`; undefined when both are looked at. */
  entity: string | undefined;
  /** The entities the user may look at. */
  entities: string[];
  choose: (scope: string) => void;
}

const Nothing: Scoped = { scope: undefined, entity: undefined, entities: [], choose: () => undefined };
const Context = createContext<Scoped>(Nothing);

export function ScopeProvider({ children }: { children: ReactNode }) {
  const { user, entities } = useSession();
  const [params, setParams] = useSearchParams();
  const codes = entities.map((one) => one.code);
  const several = user.role === "super_admin" && codes.length > 1;
  const asked = params.get("entite") ?? "";
  const entity = several ? (codes.includes(asked) ? asked : undefined) : undefined;
  const scope = several ? (entity ?? "BOTH") : undefined;
  const choose = (next: string) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      after.delete("entite");
      after.delete("page");
      if (next !== "BOTH") after.set("entite", next);
      return after;
    });
  return <Context value={{ scope, entity, entities: codes, choose }}>{children}</Context>;
}

export function useScope(): Scoped {
  return useContext(Context);
}

/** An address of the dashboard with the scope kept. */
export function useHref(): (to: string) => string {
  const { entity } = useScope();
  return (to) => {
    if (!entity || /[?&]entite=/.test(to)) return to;
    return `${to}${to.includes("?") ? "&" : "?"}entite=${entity}`;
  };
}
