/** What waits for a person: how many at a glance, and on a click each of them with where to settle it. */
import { Popover } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import { later } from "@/lib/later";
import { Lines } from "@/ui/Skeletons";
import { useCan, useSession } from "./session";
import { t } from "./words";

export const Waiting = later(() => import("./Waiting"));
const MOST = 99;

export function Bell() {
  const { counts } = useSession();
  const can = useCan();
  const [opened, setOpened] = useState(false);
  const count = (counts.deliveries ?? 0) + (counts.outbox ?? 0);
  if (!can("dashboard.view")) return null;
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md" width="min(480px, 100vw - 24px)" opened={opened} onChange={setOpened}>
      <Popover.Target>
        <button
          type="button"
          className="icon-btn bell"
          aria-label={count ? t("bell", { count }) : t("bell_none")}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <IconBell size={20} stroke={1.75} aria-hidden />
          {count > 0 && <span className="bell-count">{count > MOST ? `${MOST}+` : count}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="bell-panel">
        <Suspense fallback={<Lines count={4} />}>
          <Waiting leave={() => setOpened(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
