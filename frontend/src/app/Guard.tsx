import type { ReactNode } from "react";
import { useRouteError } from "react-router";
import { Button, ButtonLink } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { useCan } from "./session";
import { t } from "./words";

/** A page and the permission it needs: without it, the page says so instead of failing call by call. */
export function Guard({ permission, children }: { permission?: string; children: ReactNode }) {
  const can = useCan();
  return can(permission) ? children : <Forbidden />;
}

export function Forbidden() {
  return (
    <Page title={t("forbidden_title")} narrow="form">
      <div className="empty">
        <p>{t("forbidden")}</p>
        <ButtonLink to="/admin/dashboard">{t("home")}</ButtonLink>
      </div>
    </Page>
  );
}

export function NotFound() {
  return (
    <Page title={t("not_found_title")} narrow="form">
      <div className="empty">
        <p>{t("not_found")}</p>
        <ButtonLink to="/admin/dashboard">{t("home")}</ButtonLink>
      </div>
    </Page>
  );
}

/** A page that broke, or whose code could not be fetched after a new version. */
export function Broken() {
  const error = useRouteError();
  console.error(error);
  return (
    <Page title={t("broken_title")} narrow="form">
      <div className="empty" role="alert">
        <p>{t("broken")}</p>
        <Button onClick={() => location.reload()}>{t("reload")}</Button>
      </div>
    </Page>
  );
}
