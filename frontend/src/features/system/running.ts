/** Asking for a run of a scheduled job, from its line, the Cockpit or the palette. */
import { useWrite } from "@/api/hooks";
import { confirm } from "@/ui/confirm";
import { toast } from "@/ui/toasts";
import { t } from "./words";

export function useRun() {
  const run = useWrite("post", "/api/system/cron/{job}/run", ["/api/system", "/api/cockpit"]);
  const ask = async (job: string, name: string) => {
    if (!(await confirm({ title: t("run_title", { job: name }), body: t("run_body"), action: t("run_action") }))) return;
    try {
      await run.mutateAsync({ path: { job } });
      toast.done(t("asked"));
    } catch (error) {
      toast.failed(error);
    }
  };
  return { ask, busy: run.isPending };
}
