import { useWrite } from "@/api/hooks";
import type { Schema } from "@/api/types";
import { number } from "@/lib/format";
import { confirm } from "@/ui/confirm";
import { Progress } from "@/ui/Figure";
import { toast } from "@/ui/toasts";
import { kindOf, t } from "./words";

export type Task = Schema<"TaskShown">;

export const running = (task: Task) => task.state === "running" || task.state === "preparing";

export function taskName(task: Task): string {
  return task.about ? `${kindOf(task.kind)}, ${task.about}` : kindOf(task.kind);
}

export function Advance({ task }: { task: Task }) {
  return (
    <>
      <Progress label={t("progress")} value={task.processed} of={task.total} />
      <span className="note">{t("of", { n: number(task.processed), total: number(task.total) })}</span>
    </>
  );
}

/** Asks, then stops before the next row. */
export function useStop() {
  const cancel = useWrite("post", "/api/tasks/{task_id}/cancel", ["/api/tasks"]);
  return async (task: Task) => {
    const said = await confirm({
      title: t("stop_title", { name: taskName(task) }), body: t("stop_body"), action: t("stop_action"), danger: true,
    });
    if (!said) return;
    try {
      await cancel.mutateAsync({ path: { task_id: task.id } });
      toast.done(t("stopped"));
    } catch (error) {
      toast.failed(error);
    }
  };
}
