import type { ReactNode } from "react";
import { Button } from "./Button";
import { t } from "./words";

/** Nothing exists yet: say what it is for, and offer to make the first. */
export function NothingYet({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Filters leave nothing. */
export function NoMatch({ reset }: { reset: () => void }) {
  return (
    <div className="empty">
      <p>{t("no_match")}</p>
      <Button onClick={reset}>{t("reset")}</Button>
    </div>
  );
}

/** The permission is missing; `name` is what to ask for. */
export function NotAllowed({ name }: { name: string }) {
  return (
    <div className="empty">
      <p>{t("reserved", { name })}</p>
    </div>
  );
}
