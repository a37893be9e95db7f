/** « Lancer maintenant »: says how many leads leave for how many clients before anything does. */
import { useState } from "react";
import { call } from "@/api/client";
import { useWrite } from "@/api/hooks";
import { useScope } from "@/app/scope";
import { useSession } from "@/app/session";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { t } from "./words";

const TOUCHED = ["/api/delivery-run", "/api/cockpit", "/api/system", "/api/delivery-reports"];
export const DAILY = "daily_delivery";

export function useLaunch(): { busy: boolean; launch: () => Promise<void> } {
  const { scope, entity } = useScope();
  const { user } = useSession();
  const [asking, setAsking] = useState(false);
  const run = useWrite("post", "/api/system/cron/{job}/run", TOUCHED);
  const launch = async () => {
    setAsking(true);
    try {
      const query = entity ? { entity } : {};
      const told = await call("get", "/api/delivery-run/preview", { query, scope });
      setAsking(false);
      const partial = user.role !== "super_admin" || entity !== undefined;
      const closed = told.entities.filter((one) => !one.open_today).map((one) => one.entity);
      const title = told.leads_now
        ? t("launch_title", { count: told.leads_now, clients: t("clients", { count: told.clients_now }) })
        : t("launch_title_none");
      const body = [t("launch_body"), closed.length ? t("launch_closed", { entities: closed.join(", ") }) : "", partial ? t("launch_both") : ""];
      if (!(await confirm({ title, body: body.filter(Boolean).join(" "), action: t("launch_action") }))) return;
      await run.mutateAsync({ path: { job: DAILY } });
      toast.done(t("launched"));
    } catch (error) {
      setAsking(false);
      toast.failed(error);
    }
  };
  return { busy: asking || run.isPending, launch };
}
