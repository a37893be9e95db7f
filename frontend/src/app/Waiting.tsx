import { useLive } from "@/api/hooks";
import { TodoList } from "@/features/cockpit/TodoList";
import { LatestTasks } from "@/features/tasks/Latest";
import { ErrorBlock } from "@/ui/ErrorBlock";
import { LiveMark } from "@/ui/LiveMark";
import { Lines } from "@/ui/Skeletons";

/** The Cockpit's own list, wherever one is. `leave`: a link of it was followed. */
export default function Waiting({ leave }: { leave: () => void }) {
  const cockpit = useLive("/api/cockpit");
  const failed = cockpit.data?.failed?.includes("todo");
  return (
    // The links inside are what is pressed; this only hears that one was.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div className="stack" onClick={(event) => (event.target as HTMLElement).closest("a") && leave()}>
      {cockpit.data?.todo && <TodoList rows={cockpit.data.todo} />}
      {!cockpit.data && !cockpit.error && <Lines count={4} />}
      {(cockpit.error || failed) && <ErrorBlock error={cockpit.error} retry={() => void cockpit.refetch()} />}
      <LatestTasks />
      <LiveMark reading={cockpit} />
    </div>
  );
}
